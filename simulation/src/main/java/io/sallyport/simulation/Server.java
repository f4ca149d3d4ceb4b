package io.sallyport.simulation;

import io.sallyport.identity.rotation.CertificateLife;
import io.sallyport.identity.rotation.Jitter;
import io.sallyport.identity.rotation.RotationCase;
import io.sallyport.identity.rotation.RotationRules;
import io.sallyport.identity.rotation.device.Ask;
import io.sallyport.identity.rotation.device.DeviceEffect.Notice;
import io.sallyport.identity.rotation.device.Refusal;
import io.sallyport.simulation.Certificate.Status;
import io.sallyport.simulation.Weather.Trouble;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The gate and the desk, as far as rotation goes, by the real rules. Never forgets a commit. */
class Server {
  private static final Duration NOTED_AFTER = Duration.ofMillis(700);
  // How long before its end the old certificate is no longer one to fall back to.
  private static final Duration FALLBACK_MIN = Duration.ofDays(1);
  // Bound: renewals of one device at the door for expired certificates, in a day.
  private static final int RENEWALS_MAX = 3;
  // How often a desk that was told of too many at once looks who is connected.
  private static final Duration LOOKED_AFTER = Duration.ofMinutes(1);
  private static final Duration OUTAGE_OVER = Duration.ofMinutes(10);

  final World world;
  final Scenario scenario;
  final Schedule schedule;
  final Jitter jitter;
  final Waves waves;

  Server(World world) {
    this.world = world;
    this.scenario = world.scenario();
    this.schedule = world.schedule();
    this.jitter = new Jitter(scenario.seed());
    this.waves = waves();
  }

  Waves waves() {
    return new Waves(this);
  }

  void begin() {
    waves.begin();
  }

  boolean isUp() {
    return world.trouble(Trouble.OUTAGE).isEmpty();
  }

  // --- the gate ---

  /** Null if the door opens for this certificate. */
  @Nullable Refusal refusal(Account account, Certificate certificate) {
    if (account.isRevoked || !certificate.isStanding() || certificate.isUnusable) {
      return Refusal.REFUSED;
    }
    return schedule.now() >= certificate.notAfter ? Refusal.EXPIRED : null;
  }

  /** The certificate was accepted; whatever else the device has open is over. */
  void accepted(Account account, Certificate certificate) {
    account.connect(certificate, schedule.now());
    world.witness().accepted(account, certificate);
    boolean dies = world.isUnlucky(account, world.weather().reboots());
    boolean isDropped = world.isUnlucky(account, world.weather().dropped());
    schedule.in(
        NOTED_AFTER,
        () -> {
          if (dies && account.connectedBy == certificate) {
            world.device(account).cut();
          } else if (isDropped) {
            schedule.in(LOOKED_AFTER, () -> look(account));
          } else {
            noted(account, certificate);
          }
        });
  }

  /** Who is connected has come, whether or not that was noted. */
  void look(Account account) {
    var by = account.connectedBy;
    if (by != null) {
      noted(account, by);
    }
  }

  /**
   * A moment later, as the gate tells the desk; or never, if the process died in between, and with
   * it the connection.
   */
  private void noted(Account account, Certificate certificate) {
    account.seen = certificate;
    if (certificate == account.pending && certificate.isStanding()) {
      proven(account, certificate);
    }
  }

  void gone(Account account) {
    account.disconnect(schedule.now());
  }

  // --- when somebody is due ---

  /** A certificate of the device is the one in use from now on. */
  void takeUp(Account account, Certificate certificate) {
    account.beginLife(certificate, schedule.now());
    var at = scenario.rules().askAt(life(certificate), account.name, jitter);
    schedule.at(at, () -> dueFor(account, certificate));
    schedule.in(certificate.notAfter - schedule.now(), () -> expires(account, certificate));
  }

  /** Of what has expired nothing stays connected. */
  void expires(Account account, Certificate certificate) {
    if (account.connectedBy == certificate) {
      world.device(account).cut();
    }
    world.witness().ends(account, certificate);
  }

  static CertificateLife life(Certificate certificate) {
    return CertificateLife.of(
        Schedule.BEGIN.plusMillis(certificate.notBefore),
        Schedule.BEGIN.plusMillis(certificate.notAfter));
  }

  private void dueFor(Account account, Certificate certificate) {
    if (account.active == certificate && account.progress == null && !account.isRevoked) {
      waves.wait(account);
    }
  }

  // --- one device ---

  void askAnew(Account account) {
    account.nonce++;
    account.asked = schedule.now();
    if (account.askedFirst == Account.NEVER) {
      account.askedFirst = schedule.now();
    }
    world.witness().asked(account);
    progress(account, new RotationCase.Asked(schedule.instant(), 1));
    sendAsk(account);
  }

  void sendAsk(Account account) {
    desired(account).ifPresent(ask -> world.device(account).sent(ask));
  }

  /** What the shadow says, also to a device that comes back. */
  Optional<Ask> desired(Account account) {
    if (!(account.progress instanceof RotationCase.Asked)
        && !(account.progress instanceof RotationCase.Issued && account.isByNonce)) {
      return Optional.empty();
    }
    var asked = Schedule.BEGIN.plusMillis(account.asked);
    var active = account.active;
    return Optional.of(
        new Ask(account.nonceText(), asked, scenario.rules().rotateBy(life(active), asked)));
  }

  private void progress(Account account, @Nullable RotationCase next) {
    account.progress = next;
    int change = ++account.changes;
    if (next != null) {
      var what = next.next(scenario.rules(), account.name, jitter);
      schedule.at(what.at(), () -> elapsed(account, change, what));
    }
  }

  private void elapsed(Account account, int change, RotationCase.Next what) {
    if (account.changes != change || account.isRevoked) {
      return;
    }
    if (!isUp()) {
      schedule.in(OUTAGE_OVER, () -> elapsed(account, change, what));
      return;
    }
    switch (what) {
      case RotationCase.AskAgain _ -> {
        if (account.progress instanceof RotationCase.Asked asked) {
          if (isOver(account)) {
            giveUp(account);
            return;
          }
          progress(account, new RotationCase.Asked(schedule.instant(), asked.times() + 1));
          sendAsk(account);
        }
      }
      case RotationCase.Withdraw _ -> withdrawAndAskAgain(account);
      case RotationCase.Retire _ -> retire(account);
    }
  }

  /** The time that it had to answer. */
  private boolean isOver(Account account) {
    var asked = Schedule.BEGIN.plusMillis(account.asked);
    return !schedule.instant().isBefore(scenario.rules().rotateBy(life(account.active), asked));
  }

  /** Nothing is under way; it is due again after a rest. */
  private void giveUp(Account account) {
    progress(account, null);
    var active = account.active;
    schedule.in(RotationRules.REST, () -> dueFor(account, active));
  }

  /** Who is connected by it has proven it, whatever was forgotten. */
  private void withdrawAndAskAgain(Account account) {
    int change = account.changes;
    look(account);
    if (account.changes != change) {
      return;
    }
    waves.failed(account);
    withdraw(account);
    giveUp(account);
  }

  void withdraw(Account account) {
    var pending = account.pending;
    if (pending != null) {
      account.pending = null;
      end(account, pending, Status.WITHDRAWN);
      world.figures().withdrawn++;
    }
  }

  /** The grace is over; who has come back with the old one keeps that. */
  void retire(Account account) {
    look(account);
    var old = account.old;
    account.old = null;
    progress(account, null);
    if (old != null && account.seen == old && isFallback(old)) {
      var fresh = account.active;
      takeUp(account, old);
      end(account, fresh, Status.WITHDRAWN);
      world.figures().withdrawn++;
    } else if (old != null) {
      end(account, old, Status.RETIRED);
    }
  }

  private boolean isFallback(Certificate old) {
    return schedule.now() + FALLBACK_MIN.toMillis() < old.notAfter;
  }

  /** Ends a certificate, and what is connected by it. */
  void end(Account account, Certificate certificate, Status status) {
    certificate.become(status);
    if (account.connectedBy == certificate) {
      world.device(account).cut();
    }
    world.witness().ended(account, certificate);
  }

  private void proven(Account account, Certificate certificate) {
    waves.proven(account);
    world.trace(account, () -> "server saw proven that of key " + certificate.key);
    world.figures().proven(schedule.now(), account);
    account.seen = certificate;
    account.old = account.active;
    account.pending = null;
    certificate.become(Status.ACTIVE);
    takeUp(account, certificate);
    progress(account, new RotationCase.Proven(schedule.instant()));
  }

  void reported(Account account, Notice notice, String nonce) {
    if (notice == Notice.FAILED && account.nonceText().equals(nonce)) {
      if (account.pending != null && account.isByNonce) {
        withdrawAndAskAgain(account);
      }
    }
  }

  /** A certificate for that key, or nothing if the request is refused. */
  Optional<Certificate> requested(Account account, int key, String nonce) {
    if (account.isRevoked || world.trouble(Trouble.REFUSING).isPresent()) {
      return Optional.empty();
    }
    if (Certificate.isKey(account.pending, key)) {
      return Optional.ofNullable(account.pending);
    }
    if (Certificate.isKey(account.active, key)) {
      return Optional.of(account.active);
    }
    if (!(account.progress instanceof RotationCase.Asked) || !account.nonceText().equals(nonce)) {
      return Optional.empty();
    }
    account.isByNonce = true;
    return Optional.of(issue(account, key));
  }

  /** At the door for expired certificates. */
  Optional<Certificate> renewed(Account account, Certificate with, int key) {
    if (account.isRevoked
        || world.trouble(Trouble.REFUSING).isPresent()
        || with != account.active
        || !with.isRenewableAt(schedule.now(), scenario.pastExpiryMax().toMillis())) {
      return Optional.empty();
    }
    if (Certificate.isKey(account.pending, key)) {
      return Optional.ofNullable(account.pending);
    }
    if (!account.renewals.isNext(schedule.now(), RENEWALS_MAX)) {
      return Optional.empty();
    }
    withdraw(account);
    account.isByNonce = false;
    world.figures().renewed++;
    return Optional.of(issue(account, key));
  }

  Certificate issue(Account account, int key) {
    var now = schedule.now();
    var unusable = world.trouble(Trouble.BROKEN_ISSUER).isPresent();
    var certificate =
        new Certificate(key, now, now + scenario.life().toMillis(), Status.ISSUED, unusable);
    account.pending = certificate;
    world.witness().issued(account, certificate);
    waves.answered(account);
    progress(account, new RotationCase.Issued(schedule.instant()));
    return certificate;
  }

  void revoke(Account account) {
    account.isRevoked = true;
    account.progress = null;
    account.changes++;
    for (var certificate : account.standing()) {
      end(account, certificate, Status.REVOKED);
    }
    waves.leave(account);
  }
}
