package io.sallyport.control.revocation;

import io.sallyport.control.enforcement.CutReason;
import io.sallyport.control.enforcement.ReceiptStep;
import io.sallyport.control.gateways.GatewayAnswer;
import io.sallyport.control.gateways.Peers;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.revocation.CutLog.Ordered;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Standing;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts principals out. First the registry changes, in one transaction with the ledger; then the
 * gate learns of it, so that nobody new gets in; then everything that is left is cut; then the
 * receipt is kept. A crash in between is made good at the next start.
 */
public final class Revoker {
  /** Bound: principals that are revoked together. */
  public static final int TOGETHER_MAX = 100;

  // Bound: interrupted cuts taken up in one go.
  private static final int PAGE = 500;

  // Where a step was that is no gateway's.
  private static final String REGISTRY = "registry";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Database database;
  private final Principals principals;
  private final TrustFeed feed;
  private final Peers peers;
  private final Serials keys;
  private final InstantSource clock;
  private final List<Ending> endings;

  /**
   * A revoker that cuts through the feed's enforcement point.
   *
   * @param peers who cuts, too
   * @param keys of receipts
   * @param endings what ends in the registry with who is revoked
   */
  public Revoker(
      Database database,
      Principals principals,
      TrustFeed feed,
      Peers peers,
      Serials keys,
      InstantSource clock,
      List<Ending> endings) {
    this.endings = List.copyOf(endings);
    this.peers = peers;
    this.database = database;
    this.principals = principals;
    this.feed = feed;
    this.keys = keys;
    this.clock = clock;
  }

  /** Whether a cut was ordered in the registry, or why not. */
  private sealed interface Order {
    record Given(Ordered cut) implements Order {}

    record NotGiven(Outcome answer) implements Order {}
  }

  /** Revokes for good: the standing and every certificate. */
  public Outcome revoke(PrincipalKind kind, PrincipalId id, RevocationReason reason, String actor) {
    var key = keys.next().hex();
    return answer(database.write(handle -> orderRevocation(handle, key, kind, id, reason, actor)));
  }

  /**
   * Revokes several, at most {@link #TOGETHER_MAX}, as {@link #revoke} would one after the other:
   * those who are not there or revoked already are passed over, and what was left of these is cut.
   */
  public List<Receipt> revokeAll(
      PrincipalKind kind, List<PrincipalId> ids, RevocationReason reason, String actor) {
    if (ids.size() > TOGETHER_MAX) {
      throw new IllegalArgumentException("at most " + TOGETHER_MAX + " at once");
    }
    var names = ids.stream().map(_ -> keys.next().hex()).toList();
    var ordered =
        database.write(
            handle -> {
              // First, so that two of these cannot wait for each other's rows.
              LedgerStore.lock(handle);
              var cuts = new ArrayList<Ordered>();
              for (int i = 0; i < ids.size(); i++) {
                switch (orderRevocation(handle, names.get(i), kind, ids.get(i), reason, actor)) {
                  case Order.Given(var cut) -> cuts.add(cut);
                  case Order.NotGiven _ ->
                      CutLog.unfinishedOf(handle, ids.get(i)).stream()
                          .map(cut -> cut.under(feed.noteCut(handle, cut.principal())))
                          .forEach(cuts::add);
                }
              }
              return cuts;
            });
    return ordered.isEmpty() ? List.of() : carryOut(ordered);
  }

  /** Cuts off until {@link #reinstate}; certificates stay as they are. May be repeated. */
  public Outcome quarantine(PrincipalKind kind, PrincipalId id, String actor) {
    var key = keys.next().hex();
    return answer(database.write(handle -> orderQuarantine(handle, key, kind, id, actor)));
  }

  /** Undoes a quarantine; a revocation is never undone. */
  public Outcome reinstate(PrincipalKind kind, PrincipalId id, String actor) {
    var refusal =
        database.<Optional<Outcome>>write(
            handle -> {
              var now = clock.instant();
              var known = Principals.standing(handle, kind, id);
              if (known.isEmpty()) {
                return Optional.of(new Outcome.Unknown(id.value()));
              }
              var quarantined = List.of(Standing.QUARANTINED);
              if (!Principals.changeStanding(handle, id, quarantined, Standing.ACTIVE, now)) {
                return Optional.of(
                    known.get() == Standing.REVOKED
                        ? alreadyRevoked(handle, id)
                        : new Outcome.NotQuarantined(id));
              }
              LedgerStore.append(
                  handle, SecurityEvent.of(now, EventType.REINSTATED, actor, id.value(), Map.of()));
              feed.note(handle, List.of(id));
              return Optional.empty();
            });
    if (refusal.isPresent()) {
      return refusal.get();
    }
    feed.publish(List.of(id));
    return new Outcome.Reinstated(
        database.read(handle -> principals.find(handle, id)).orElseThrow());
  }

  /** Carries out what was ordered here before a crash; how many cuts that were. */
  public int finishInterrupted() {
    var gateway = feed.gateway();
    var now = clock.instant();
    return finish(handle -> CutLog.unfinishedThrough(handle, gateway, now, PAGE));
  }

  /**
   * Carries out what was ordered before that moment, through whatever gateway; how many cuts that
   * were.
   */
  public int finishInterrupted(Instant before) {
    return finish(handle -> CutLog.unfinished(handle, before, PAGE));
  }

  private int finish(Function<Handle, List<Ordered>> which) {
    int finished = 0;
    while (true) {
      var unfinished = database.read(which);
      unfinished.forEach(this::finish);
      finished += unfinished.size();
      if (unfinished.size() < PAGE) {
        return finished;
      }
    }
  }

  private void finish(Ordered cut) {
    var standing = database.read(handle -> Principals.standing(handle, cut.principal()));
    if (standing.equals(Optional.of(Standing.ACTIVE))) {
      // Reinstated before its quarantine was carried out: there is nothing left to cut.
      database.change(handle -> CutLog.complete(handle, cut.key(), "[]", clock.instant()));
    } else {
      carryOut(noted(cut));
    }
  }

  /** The others may have been told or not: they are told again. */
  private Ordered noted(Ordered cut) {
    return cut.under(database.write(handle -> feed.noteCut(handle, cut.principal())));
  }

  private Order orderRevocation(
      Handle handle,
      String key,
      PrincipalKind kind,
      PrincipalId id,
      RevocationReason reason,
      String actor) {
    // First, so that nothing that is to end with it comes to be meanwhile.
    LedgerStore.lock(handle);
    if (Principals.standing(handle, kind, id).isEmpty()) {
      return new Order.NotGiven(new Outcome.Unknown(id.value()));
    }
    var now = clock.instant();
    var before = List.of(Standing.ACTIVE, Standing.QUARANTINED);
    if (!Principals.changeStanding(handle, id, before, Standing.REVOKED, now)) {
      return new Order.NotGiven(alreadyRevoked(handle, id));
    }
    var serials = Certificates.revokeAll(handle, kind, id, reason, now);
    endings.forEach(ending -> ending.end(handle, id, now));
    var facts =
        Map.of("kind", kind.word(), "reason", reason.word(), "serials", CutLog.joined(serials));
    LedgerStore.append(handle, SecurityEvent.of(now, EventType.REVOKED, actor, id.value(), facts));
    long sequence = feed.noteCut(handle, id);
    var cut = new Ordered(key, id, CutReason.REVOKED, reason.word(), actor, serials, now, sequence);
    CutLog.insert(handle, cut, feed.gateway());
    return new Order.Given(cut);
  }

  private Order orderQuarantine(
      Handle handle, String key, PrincipalKind kind, PrincipalId id, String actor) {
    if (Principals.standing(handle, kind, id).isEmpty()) {
      return new Order.NotGiven(new Outcome.Unknown(id.value()));
    }
    var now = clock.instant();
    var before = List.of(Standing.ACTIVE, Standing.QUARANTINED);
    if (!Principals.changeStanding(handle, id, before, Standing.QUARANTINED, now)) {
      return new Order.NotGiven(alreadyRevoked(handle, id));
    }
    LedgerStore.append(
        handle,
        SecurityEvent.of(
            now, EventType.QUARANTINED, actor, id.value(), Map.of("kind", kind.word())));
    long sequence = feed.noteCut(handle, id);
    var cut =
        new Ordered(key, id, CutReason.QUARANTINED, "quarantine", actor, List.of(), now, sequence);
    CutLog.insert(handle, cut, feed.gateway());
    return new Order.Given(cut);
  }

  private Outcome answer(Order order) {
    return switch (order) {
      case Order.Given(var cut) -> new Outcome.Cut(carryOut(cut));
      case Order.NotGiven(Outcome.AlreadyRevoked revoked) -> {
        cutAgain(revoked.id());
        yield revoked;
      }
      case Order.NotGiven(var answer) -> answer;
    };
  }

  private Receipt carryOut(Ordered cut) {
    return carryOut(List.of(cut)).getFirst();
  }

  /** Those that were ordered together: the gate learns of all of them before anything is cut. */
  private List<Receipt> carryOut(List<Ordered> cuts) {
    feed.publish(cuts.stream().map(Ordered::principal).toList());
    var steps =
        cuts.stream().map(cut -> feed.enforcement().cut(cut.principal(), cut.why())).toList();
    var gateways = peers.awaitAll(cuts.stream().map(Ordered::sequence).toList());
    var ended = clock.instant();
    return database.write(
        handle ->
            IntStream.range(0, cuts.size())
                .mapToObj(i -> receipt(handle, cuts.get(i), steps.get(i), gateways.get(i), ended))
                .toList());
  }

  private Receipt receipt(
      Handle handle,
      Ordered cut,
      List<ReceiptStep> cutSteps,
      List<GatewayAnswer> gateways,
      Instant ended) {
    var steps = with(handle, cut, cutSteps);
    double ms = Math.max(0, Duration.between(cut.at(), ended).toNanos() / 1e6);
    CutLog.complete(handle, cut.key(), JSON.writeValueAsString(steps), ended);
    var record = LedgerStore.append(handle, sessionsEnded(cut, steps, gateways, ms, ended));
    return new Receipt(
        cut.principal(),
        cut.action(),
        cut.reason(),
        // As stored, so that whoever asks later is told the same moment.
        cut.at().truncatedTo(ChronoUnit.MILLIS),
        ms,
        cut.certificates(),
        steps,
        gateways,
        record.sequence());
  }

  /** The steps of a revocation with those in the registry, which were over when it was ordered. */
  private List<ReceiptStep> with(Handle handle, Ordered cut, List<ReceiptStep> steps) {
    var all = new ArrayList<ReceiptStep>(steps);
    if (cut.why() == CutReason.REVOKED) {
      endings.stream()
          .map(
              ending ->
                  new ReceiptStep(
                      ending.what(), REGISTRY, ending.ended(handle, cut.principal(), cut.at()), 0))
          .filter(step -> step.count() > 0)
          .forEach(all::add);
    }
    return List.copyOf(all);
  }

  /** Nothing should be left of somebody who was revoked; whoever asks again wants to be sure. */
  private void cutAgain(PrincipalId id) {
    var unfinished = database.read(handle -> CutLog.unfinishedOf(handle, id));
    unfinished.forEach(cut -> carryOut(noted(cut)));
    if (unfinished.isEmpty()) {
      database.change(handle -> feed.noteCut(handle, id));
      feed.publish(List.of(id));
      feed.enforcement().cut(id, CutReason.REVOKED);
    }
  }

  private static SecurityEvent sessionsEnded(
      Ordered cut, List<ReceiptStep> steps, List<GatewayAnswer> gateways, double ms, Instant at) {
    var facts = new TreeMap<String, String>();
    facts.put("action", cut.action());
    facts.put("reason", cut.reason());
    facts.put("ms", rounded(ms));
    for (var step : steps) {
      facts.put(
          step.what() + "@" + step.where(), step.count() + " in " + rounded(step.ms()) + " ms");
    }
    for (var gateway : gateways) {
      var took = gateway.ms();
      facts.put(
          "gateway " + gateway.gateway(),
          took == null
              ? gateway.state().word() + ", closed from " + gateway.closedFrom()
              : gateway.state().word() + " in " + rounded(took) + " ms");
      for (var step : gateway.steps()) {
        facts.put(
            step.what() + "@" + step.where() + " " + gateway.gateway(),
            step.count() + " in " + rounded(step.ms()) + " ms");
      }
    }
    return SecurityEvent.of(
        at, EventType.SESSIONS_ENDED, cut.actor(), cut.principal().value(), facts);
  }

  private static Outcome alreadyRevoked(Handle handle, PrincipalId id) {
    return new Outcome.AlreadyRevoked(id, CutLog.revokedAt(handle, id).orElse(Instant.EPOCH));
  }

  private static String rounded(double ms) {
    return String.format(Locale.ROOT, "%.3f", ms);
  }
}
