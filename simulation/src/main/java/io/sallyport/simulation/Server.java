package io.sallyport.simulation;

import io.sallyport.identity.rotation.CertificateLife;
import io.sallyport.identity.rotation.Jitter;
import io.sallyport.identity.rotation.Pace;
import io.sallyport.identity.rotation.RotationCase;
import io.sallyport.identity.rotation.WaveOutcome;
import io.sallyport.identity.rotation.device.Ask;
import io.sallyport.identity.rotation.device.DeviceEffect.Notice;
import io.sallyport.identity.rotation.device.Refusal;
import io.sallyport.simulation.Certificate.Status;
import io.sallyport.simulation.Weather.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The gate and the desk, as far as rotation goes, by the real rules. Never forgets a commit. */
class Server {
  private static final Duration WAVE_LOOKED_AT = Duration.ofHours(1);
  private static final Duration NOTED_AFTER = Duration.ofMillis(700);
  // How long before its end the old certificate is no longer one to fall back to.
  private static final Duration FALLBACK_MIN = Duration.ofDays(1);
  private static final Duration OUTAGE_OVER = Duration.ofMinutes(10);

  final World world;
  final Scenario scenario;
  final Schedule schedule;
  final Jitter jitter;
  private final ArrayDeque<Account> due = new ArrayDeque<>();
  private Pace pace;
  private Wave wave = new Wave(0);

  /** One wave, while it is the last. */
  static final class Wave {
    final long began;
    int asked;
    int proven;
    int failed;

    Wave(long began) {
      this.began = began;
    }

    WaveOutcome outcome() {
      return new WaveOutcome(asked, proven, failed);
    }
  }

  Server(World world) {
    this.world = world;
    this.scenario = world.scenario();
    this.schedule = world.schedule();
    this.jitter = new Jitter(scenario.seed());
    this.pace = Pace.first(scenario.pace());
  }

  void begin() {
    schedule.in(WAVE_LOOKED_AT, this::lookAtWave);
  }

  boolean isUp() {
    return world.trouble(Trouble.OUTAGE).isEmpty();
  }

  Pace pace() {
    return pace;
  }

  int waiting() {
    return due.size();
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
    schedule.in(
        NOTED_AFTER,
        () -> {
          if (dies && account.connectedBy == certificate) {
            world.device(account).cut();
          } else {
            noted(account, certificate);
          }
        });
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
    schedule.in(
        certificate.notAfter - schedule.now(), () -> world.witness().ends(account, certificate));
  }

  static CertificateLife life(Certificate certificate) {
    return CertificateLife.of(
        Schedule.BEGIN.plusMillis(certificate.notBefore),
        Schedule.BEGIN.plusMillis(certificate.notAfter));
  }

  private void dueFor(Account account, Certificate certificate) {
    if (account.active == certificate && account.progress == null && !account.isRevoked) {
      due.add(account);
    }
  }

  private void lookAtWave() {
    schedule.in(WAVE_LOOKED_AT, this::lookAtWave);
    var now = schedule.instant();
    var began = Schedule.BEGIN.plusMillis(wave.began);
    if (!isUp() || due.isEmpty() || !isNext(began, now)) {
      return;
    }
    change(pace.after(wave.outcome(), scenario.pace()));
    if (pace.paused()) {
      return;
    }
    wave = new Wave(schedule.now());
    for (int i = 0; i < pace.size() && !due.isEmpty(); i++) {
      var account = due.removeFirst();
      if (account.progress == null && !account.isRevoked) {
        account.wave = wave;
        account.hasFailed = false;
        wave.asked++;
        askAnew(account);
      }
    }
    world.figures().wave(schedule.now(), wave.asked, pace.size());
  }

  boolean isNext(Instant began, Instant now) {
    return pace.isNext(wave.outcome(), began, now, scenario.pace());
  }

  private void change(Pace next) {
    if (next.paused() && !pace.paused()) {
      world.figures().paused(schedule.now());
      schedule.in(scenario.resumedAfter(), this::resume);
    }
    pace = next;
  }

  private void resume() {
    pace = pace.resumed();
    wave = new Wave(schedule.now());
    world.witness().resumed();
  }

  // --- one device ---

  private void askAnew(Account account) {
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
          progress(account, new RotationCase.Asked(schedule.instant(), asked.times() + 1));
          sendAsk(account);
        }
      }
      case RotationCase.Withdraw _ -> withdrawAndAskAgain(account);
      case RotationCase.Retire _ -> retire(account);
    }
  }

  /** Who is connected by it has proven it, whatever was forgotten. */
  private void withdrawAndAskAgain(Account account) {
    var pending = account.pending;
    if (pending != null && account.connectedBy == pending) {
      proven(account, pending);
      return;
    }
    failed(account);
    withdraw(account);
    progress(account, null);
    var active = account.active;
    schedule.in(scenario.rules().again().max(), () -> dueFor(account, active));
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
    var wave = account.wave;
    if (wave != null) {
      wave.proven++;
      if (account.hasFailed) {
        wave.failed--;
        account.hasFailed = false;
      }
      account.wave = null;
    }
    world.figures().proven(schedule.now(), account);
    account.seen = certificate;
    account.old = account.active;
    account.pending = null;
    certificate.become(Status.ACTIVE);
    takeUp(account, certificate);
    progress(account, new RotationCase.Proven(schedule.instant()));
  }

  private void failed(Account account) {
    var wave = account.wave;
    if (wave == null || account.hasFailed) {
      return;
    }
    account.hasFailed = true;
    wave.failed++;
    world.witness().failedIn(wave);
    if (wave == this.wave) {
      change(pace.during(wave.outcome(), scenario.pace()));
    }
  }

  void reported(Account account, Notice notice, String nonce) {
    if (notice == Notice.FAILED && account.nonceText().equals(nonce)) {
      failed(account);
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
    if (account.wave != null) {
      account.wave.asked--;
      if (account.hasFailed) {
        account.wave.failed--;
      }
      account.wave = null;
    }
  }
}
