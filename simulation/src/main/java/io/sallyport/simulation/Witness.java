package io.sallyport.simulation;

import io.sallyport.identity.rotation.device.RotationStage;
import io.sallyport.simulation.Violation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sees everything, and holds every promise against it, by an account of its own. */
final class Witness {
  // Of the time between being due and the end: how much of it a device must have been connected, or
  // its fleet undisturbed, before its certificate must not expire.
  private static final int SHARE_ENOUGH = 5;
  // What is planned happens up to that late: after an outage, at the next look.
  private static final Duration SLACK = Duration.ofDays(2);
  // How long after trouble its consequences last: a queue of those who waited.
  private static final Duration AFTERMATH = Duration.ofDays(12);
  // How long a device must have been up after expiry before it must have found the other door.
  private static final Duration RENEWED_WITHIN = Duration.ofDays(3);

  // Three at the door for expired ones, as it allows in a day, and those that it is asked for.
  private static final int ISSUED_A_DAY_MAX = 6;

  private record Interval(long from, long to) {}

  private final World world;
  private final List<List<Certificate>> known = new ArrayList<>();
  private final List<Interval> pauses = new ArrayList<>();
  private @Nullable Tally last;
  private boolean mustPause;
  private long pausedAt;

  Witness(World world) {
    this.world = world;
  }

  void enrolled(Account account) {
    known.add(new ArrayList<>(List.of(account.active)));
  }

  // --- certificates ---

  void issued(Account account, Certificate certificate) {
    if (!account.issues.isNext(now(), ISSUED_A_DAY_MAX)) {
      throw violation(Kind.TOO_MANY_ISSUED, account, "more than " + ISSUED_A_DAY_MAX + " in a day");
    }
    world.trace(account, () -> "server issued the certificate of key " + certificate.key);
    var all = known.get(account.index);
    all.removeIf(one -> !one.isValidAt(now()));
    var before = List.copyOf(all);
    all.add(certificate);
    if (all.size() > 2) {
      throw violation(Kind.TOO_MANY_VALID, account, all.size() + " certificates are valid");
    }
    var limit = world.scenario().rules().twoValidMax().plus(SLACK);
    for (var other : before) {
      world
          .schedule()
          .in(
              limit,
              () -> {
                if (other.isValidAt(now()) && certificate.isValidAt(now())) {
                  throw violation(Kind.TOO_MANY_VALID, account, "two are valid after " + limit);
                }
              });
    }
  }

  void accepted(Account account, Certificate certificate) {
    world.trace(account, () -> "server let it in with that of key " + certificate.key);
    if (!certificate.isStanding() || account.isRevoked) {
      throw violation(
          Kind.USED_AFTER_END, account, "the door opened for one " + certificate.status());
    }
  }

  void ended(Account account, Certificate certificate) {
    world.trace(
        account, () -> "server ended that of key " + certificate.key + ": " + certificate.status());
    requireWayIn(account, "after a certificate was " + certificate.status());
  }

  Violation usedDeleted(Account account, long generation) {
    return violation(Kind.USED_DELETED, account, "it wants to use key " + generation);
  }

  /** Some key that the device has, and knows of, opens one of the doors, or will. */
  void requireWayIn(Account account, String when) {
    if (account.isRevoked || account.isBeyond) {
      return;
    }
    var device = world.device(account);
    long past = world.scenario().pastExpiryMax().toMillis();
    for (long generation : device.stored().keys().newestFirst()) {
      var certificate = device.flash.certificate(generation);
      if (certificate.isPresent()
          && certificate.get().isStanding()
          && !certificate.get().isUnusable
          && now() < certificate.get().notAfter + past) {
        return;
      }
    }
    throw violation(Kind.LOCKED_OUT, account, "no key is left that opens a door, " + when);
  }

  // --- time ---

  /** The certificate ends now: if it is still the one in use, there must be a reason. */
  void ends(Account account, Certificate certificate) {
    if (account.active != certificate || account.isRevoked) {
      return;
    }
    world.schedule().in(world.scenario().pastExpiryMax(), () -> pastRenewal(account, certificate));
    if (isRotated(account)) {
      return;
    }
    world.figures().expired++;
    var due = world.scenario().rules().dueForExpiry(Server.life(certificate));
    long window = certificate.notAfter - Duration.between(Schedule.BEGIN, due).toMillis();
    if (!isDisturbed(certificate.notAfter - window, now())) {
      requireReason(account, window / SHARE_ENOUGH);
    }
  }

  /** It uses a new one, and the server has lost the proof so far. */
  private boolean isRotated(Account account) {
    var pending = account.pending;
    return pending != null
        && pending.isValidAt(now())
        && !pending.isUnusable
        && world.device(account).stored().stage() instanceof RotationStage.Proven;
  }

  private void requireReason(Account account, long enough) {
    if (account.askedFirst == Account.NEVER) {
      throw violation(Kind.NOT_ROTATED, account, "it was never asked");
    }
    long connected = account.connectedSinceAsked(now());
    if (connected > enough) {
      throw violation(
          Kind.NOT_ROTATED, account, "it was connected for " + Duration.ofMillis(connected));
    }
  }

  private void pastRenewal(Account account, Certificate certificate) {
    if (account.active != certificate || account.isRevoked || isRotated(account)) {
      return;
    }
    account.isBeyond = true;
    world.figures().beyond++;
    var up = Duration.ofMillis(world.device(account).reachableSince(certificate.notAfter));
    if (up.compareTo(RENEWED_WITHIN) > 0 && !isDisturbed(certificate.notAfter, now())) {
      throw violation(Kind.LOCKED_OUT, account, "it was up for " + up + " after expiry, in vain");
    }
    world.device(account).powerOff();
  }

  private boolean isDisturbed(long from, long to) {
    long begin = from - AFTERMATH.toMillis();
    return mustPause
        || world.weather().incidents().stream().anyMatch(one -> one.overlaps(begin, to))
        || pauses.stream().anyMatch(one -> one.to() >= begin && one.from() <= to);
  }

  // --- pace ---

  /** What became of those that one wave asked, counted here and not by the server. */
  private static final class Tally {
    final Waves.Wave wave;
    final int size;
    int asked;
    int proven;
    final Set<Account> failed = new HashSet<>();

    Tally(Waves.Wave wave, int size) {
      this.wave = wave;
      this.size = size;
    }

    int settled() {
      return proven + failed.size();
    }

    boolean isAbove(double share) {
      return failed.size() > share * settled();
    }
  }

  /** A wave of at most so many devices begins. */
  void begins(Waves.Wave wave, int size) {
    var before = last;
    last = new Tally(wave, size);
    var rules = world.scenario().pace();
    if (before == null) {
      requireSize(size, rules.canary());
    } else if (before.settled() > 0
        && before.settled() >= Math.min(rules.sampleMin(), before.asked)
        && before.isAbove(rules.slowAbove())) {
      requireSize(size, Math.max(1, before.size / 2));
    } else {
      requireSize(size, Math.min(rules.waveMax(), before.size + rules.step()));
    }
  }

  private void requireSize(int size, int most) {
    if (size > most) {
      throw new Violation(
          Kind.PACE_IGNORED, now(), "a wave of " + size + ", where " + most + " are allowed");
    }
  }

  void asked(Account account) {
    world.trace(account, () -> "server asked it, nonce " + account.nonceText());
    var tally = last;
    if (tally == null || tally.wave != account.wave) {
      throw violation(Kind.PACE_IGNORED, account, "it was asked outside of the last wave");
    }
    tally.asked++;
    if (mustPause || tally.asked > tally.size) {
      throw violation(
          Kind.PACE_IGNORED,
          account,
          "it was asked while %d of %d fail, as number %d of %d"
              .formatted(tally.failed.size(), tally.settled(), tally.asked, tally.size));
    }
  }

  void provenIn(Waves.Wave wave, Account account) {
    var tally = last;
    if (tally != null && tally.wave == wave) {
      tally.failed.remove(account);
      tally.proven++;
    }
  }

  /** It is revoked, or came by itself. */
  void leaves(Waves.Wave wave, Account account) {
    var tally = last;
    if (tally != null && tally.wave == wave) {
      tally.failed.remove(account);
    }
  }

  void failedIn(Waves.Wave wave, Account account) {
    var tally = last;
    if (tally == null || tally.wave != wave) {
      return;
    }
    tally.failed.add(account);
    var rules = world.scenario().pace();
    if (!mustPause && tally.settled() >= rules.sampleMin() && tally.isAbove(rules.pauseAbove())) {
      mustPause = true;
      pausedAt = now();
    }
  }

  void resumed() {
    if (mustPause) {
      pauses.add(new Interval(pausedAt, now()));
    }
    mustPause = false;
    last = null;
  }

  // --- the end ---

  /** Everything has worked for long enough. */
  void requireBack(Account account) {
    requireWayIn(account, "at the end");
    if (!account.isRevoked && !account.isBeyond && !world.device(account).isConnected()) {
      throw violation(
          Kind.NOT_BACK, account, "it is not connected; " + world.device(account).stored());
    }
  }

  private long now() {
    return world.schedule().now();
  }

  private Violation violation(Kind kind, Account account, String what) {
    return new Violation(kind, account, now(), what);
  }
}
