package io.sallyport.control.rollover;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.issuance.AuthorityLine;
import io.sallyport.identity.issuance.AuthorityName;
import io.sallyport.identity.issuance.AuthorityStanding;
import io.sallyport.identity.issuance.StoredAuthority;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * One CA after the other. Each step is one transaction with its event in the ledger: before it the
 * old state holds, after it the new one, and a process that ends in between leaves nothing half
 * done. Gateways follow the tables.
 */
public final class Rollover {
  /** How long every gateway has to trust the new one before it signs; they look each second. */
  public static final Duration SETTLING = Duration.ofSeconds(5);

  /** Bound: devices in one page. */
  public static final int PAGE_MAX = 1_000;

  private final Database database;
  private final InstantSource clock;

  /** By what a device is known to trust the new one. */
  public enum Learnt {
    /** It asked for the CA certificates (EST) with its own certificate. */
    CACERTS,
    /** It got its first certificate, with the anchors. */
    BUNDLE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A device that is not ready. */
  public record Late(String id, boolean trusts) {}

  /** The rollover of a registry. */
  public Rollover(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** What the registry keeps of authorities. */
  public List<StoredAuthority> stored() {
    return database.read(AuthorityTable::all);
  }

  /** What tells one state of the registry's authorities from another. */
  public List<String> marks() {
    return database.read(AuthorityTable::marks);
  }

  private record Step(AuthorityName name, int from, StoredAuthority next) {}

  /** The one that follows, if there is one under way. */
  private static Optional<Step> underWay(Handle handle) {
    var all = AuthorityTable.all(handle);
    return all.stream()
        .filter(
            one ->
                one.standing() == AuthorityStanding.REQUESTED
                    || one.standing() == AuthorityStanding.TRUSTED
                    || (one.standing() == AuthorityStanding.ACTIVE
                        && find(all, one.name(), AuthorityStanding.OUTGOING).isPresent()))
        .findFirst()
        .map(one -> new Step(one.name(), from(all, one), one));
  }

  /** The one that it follows. */
  private static int from(List<StoredAuthority> all, StoredAuthority next) {
    var before =
        next.standing() == AuthorityStanding.ACTIVE
            ? AuthorityStanding.OUTGOING
            : AuthorityStanding.ACTIVE;
    return find(all, next.name(), before).map(StoredAuthority::generation).orElse(1);
  }

  private static Optional<StoredAuthority> find(
      List<StoredAuthority> all, AuthorityName name, AuthorityStanding standing) {
    return all.stream().filter(one -> one.name() == name && one.standing() == standing).findFirst();
  }

  /**
   * Keeps what was made: from now on it is trusted or, where an off-line root is asked, waits for
   * its certificate.
   *
   * @param made the one that follows first, then what else changes by it
   * @param after what the registry held when it was made; where that has changed since, what was
   *     made belongs to nothing any more
   */
  public void begin(List<StoredAuthority> made, List<StoredAuthority> after, String actor)
      throws RolloverRefused {
    var next = made.getFirst();
    step(
        (handle, now) -> {
          var open = underWay(handle);
          boolean answers =
              open.isPresent()
                  && open.get().next().standing() == AuthorityStanding.REQUESTED
                  && next.standing() == AuthorityStanding.TRUSTED
                  && open.get().name() == next.name()
                  && open.get().next().generation() == next.generation();
          if (open.isPresent() && !answers) {
            throw new RolloverRefused(
                "under-way",
                "a rollover of "
                    + shown(open.get().next())
                    + " is under way: finish it, or give it up with `ca rollover cancel`");
          }
          if (!AuthorityTable.all(handle).equals(after)) {
            throw new RolloverRefused(
                "changed",
                "another process changed the authorities while this was made; look at `ca rollover"
                    + " status`, and say it again");
          }
          for (var one : made) {
            AuthorityTable.putFirst(handle, one.name(), now);
            AuthorityTable.put(handle, one, now);
          }
          tell(handle, EventType.CA_ROLLOVER_BEGUN, actor, next, now, Map.of());
        });
  }

  /** Gives up what was begun and signs nothing yet. */
  public void cancel(String actor) throws RolloverRefused {
    step(
        (handle, now) -> {
          var open = required(handle);
          if (open.next().standing() == AuthorityStanding.ACTIVE) {
            throw new RolloverRefused(
                "activated", shown(open.next()) + " signs already: there is no way back");
          }
          stand(handle, open.next(), AuthorityStanding.RETIRED, now);
          tell(handle, EventType.CA_ROLLOVER_CANCELLED, actor, open.next(), now, Map.of());
        });
  }

  /** Has the new one sign from now on; the old one stays trusted. */
  public void activate(String actor) throws RolloverRefused {
    step(
        (handle, now) -> {
          var open = required(handle);
          switch (open.next().standing()) {
            case REQUESTED ->
                throw new RolloverRefused(
                    "requested",
                    shown(open.next()) + " waits for its certificate: `ca rollover install`");
            case ACTIVE, OUTGOING, RETIRED ->
                throw new RolloverRefused("activated", shown(open.next()) + " signs already");
            case TRUSTED -> {
              var since = times(handle, open).begun();
              if (now.isBefore(since.plus(SETTLING))) {
                throw new RolloverRefused(
                    "settling",
                    "gateways get "
                        + SETTLING.toSeconds()
                        + " s to trust it before it signs; try again in a moment");
              }
              AuthorityTable.stand(
                  handle, open.name(), open.from(), AuthorityStanding.OUTGOING, now);
              stand(handle, open.next(), AuthorityStanding.ACTIVE, now);
              tell(handle, EventType.CA_ROLLOVER_ACTIVATED, actor, open.next(), now, Map.of());
            }
          }
        });
  }

  /**
   * Ends the trust in the old one.
   *
   * @param percent how many of a hundred must be ready
   * @param insisting why it is done although there are fewer; null to be refused then
   */
  public Progress retire(int percent, @Nullable String insisting, String actor)
      throws RolloverRefused {
    var last = new Progress[1];
    step(
        (handle, now) -> {
          var open = required(handle);
          if (open.next().standing() != AuthorityStanding.ACTIVE) {
            throw new RolloverRefused(
                "not-activated", shown(open.next()) + " does not sign yet: `ca rollover activate`");
          }
          var progress = progress(handle, open, now);
          var pending =
              open.name() == AuthorityName.ROOT
                  ? 0
                  : TrustTable.beingSigned(handle, open.next().generation());
          if (insisting == null && (!progress.reaches(percent) || pending > 0)) {
            throw new RolloverRefused(
                "threshold",
                "%d of %d devices are ready, and %d%% must be%s; see `ca rollover status`, or insist with --force --reason TEXT"
                    .formatted(
                        progress.ready(),
                        progress.present(),
                        percent,
                        progress.claims() + pending == 0
                            ? ""
                            : "; %d claims and %d unfinished certificates are of the old one"
                                .formatted(progress.claims(), pending)));
          }
          AuthorityTable.stand(handle, open.name(), open.from(), AuthorityStanding.RETIRED, now);
          var facts = new TreeMap<String, String>();
          facts.put("retired", Integer.toString(open.from()));
          facts.put("devices", Long.toString(progress.present()));
          facts.put("ready", Long.toString(progress.ready()));
          facts.put("threshold", Integer.toString(percent));
          if (insisting != null) {
            facts.put("forced", insisting);
          }
          tell(handle, EventType.CA_ROLLOVER_RETIRED, actor, open.next(), now, facts);
          last[0] = progress;
        });
    return last[0];
  }

  /** How far it is; empty when none is under way. */
  public Optional<Progress> progress() {
    return database.read(
        handle -> underWay(handle).map(open -> progress(handle, open, clock.instant())));
  }

  private static Progress progress(Handle handle, Step open, Instant now) {
    var times = times(handle, open);
    var generation = open.next().generation();
    return new Progress(
        open.name(),
        open.from(),
        generation,
        open.next().standing(),
        times.begun(),
        times.activated(),
        TrustTable.present(handle, now),
        TrustTable.trusting(handle, open.name(), generation, now),
        TrustTable.ready(handle, open.name(), generation, now),
        TrustTable.openClaims(handle, claimsOfOld(open.name(), times, now), now));
  }

  /**
   * Until when claims were of the old one: those of a devices CA until another signed, those of a
   * root until anchors held the other one. A gateway may have been behind by the settling time.
   */
  private static Instant claimsOfOld(AuthorityName name, AuthorityTable.Times times, Instant now) {
    var since = name == AuthorityName.ROOT ? times.begun() : times.activated();
    return since == null ? now : since.plus(SETTLING);
  }

  private static AuthorityTable.Times times(Handle handle, Step open) {
    return AuthorityTable.times(handle, open.name(), open.next().generation()).orElseThrow();
  }

  /** Who is not ready, by id, after that one. */
  public List<Late> late(String after, int limit) {
    return database.read(
        handle ->
            underWay(handle).stream()
                .flatMap(
                    open ->
                        TrustTable.waiting(
                            handle,
                            open.name(),
                            open.next().generation(),
                            after,
                            // One more tells whether there is a next page.
                            Math.min(limit, PAGE_MAX + 1),
                            clock.instant())
                            .stream())
                .map(one -> new Late(one.id(), one.trusts()))
                .toList());
  }

  /**
   * Notes of those that they were told of the one that follows, if they were.
   *
   * @param told what they were told of: a gateway that is behind tells of another one, or of none
   */
  public void learnt(Collection<PrincipalId> ids, AuthorityLine told, Learnt by) {
    if (!ids.isEmpty()) {
      database.change(
          handle ->
              underWay(handle)
                  .filter(open -> open.next().standing().isTrusted())
                  .filter(open -> told.tellsOf(open.next()))
                  .ifPresent(
                      open ->
                          TrustTable.learn(
                              handle,
                              open.name(),
                              open.next().generation(),
                              ids,
                              by.word(),
                              clock.instant())));
    }
  }

  private static Step required(Handle handle) throws RolloverRefused {
    return underWay(handle)
        .orElseThrow(
            () ->
                new RolloverRefused(
                    "none", "no rollover is under way; begin one with `ca rollover begin`"));
  }

  private static void stand(
      Handle handle, StoredAuthority one, AuthorityStanding standing, Instant now) {
    AuthorityTable.stand(handle, one.name(), one.generation(), standing, now);
  }

  @FunctionalInterface
  private interface Change {
    void make(Handle handle, Instant now) throws RolloverRefused;
  }

  /** One step after the other, whoever takes it. */
  private void step(Change change) throws RolloverRefused {
    var refused =
        database.write(
            handle -> {
              LedgerStore.lock(handle);
              try {
                change.make(handle, clock.instant());
                return Optional.<RolloverRefused>empty();
              } catch (RolloverRefused e) {
                return Optional.of(e);
              }
            });
    if (refused.isPresent()) {
      throw refused.get();
    }
  }

  private static void tell(
      Handle handle,
      EventType type,
      String actor,
      StoredAuthority one,
      Instant now,
      Map<String, String> more) {
    var facts = new TreeMap<>(more);
    facts.put("generation", Integer.toString(one.generation()));
    facts.put("standing", one.standing().word());
    one.certificates()
        .forEach((root, certificate) -> facts.put("sha256-by-root-" + root, hash(certificate)));
    LedgerStore.append(handle, SecurityEvent.of(now, type, actor, one.name().word(), facts));
  }

  private static String hash(java.security.cert.X509Certificate certificate) {
    try {
      return Fingerprint.ofDer(certificate.getEncoded()).hex();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate has a DER form", e);
    }
  }

  private static String shown(StoredAuthority one) {
    return one.name().commonName(one.generation());
  }
}
