package io.sallyport.simulation;

import io.sallyport.identity.rotation.Pace;
import io.sallyport.identity.rotation.PaceRules;
import io.sallyport.identity.rotation.WaveOutcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/** Who is asked when, by the real pace: what the rotation's scheduler does in the product. */
class Waves {
  private final Server server;
  private final World world;
  private final Schedule schedule;
  private final PaceRules rules;
  // As in the product: whose certificate ends first is asked first, after whom was never asked.
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(
          Comparator.comparing(Due::isInVain)
              .thenComparingLong(one -> one.certificate().notAfter)
              .thenComparingInt(one -> one.account().index));
  private Pace pace;
  private Wave last = new Wave(0);
  private int number;

  private record Due(Account account, Certificate certificate, boolean isInVain) {}

  /** One wave, while it is the last. */
  static final class Wave {
    final long began;
    private final Set<Account> unasked = new LinkedHashSet<>();
    private int devices;
    private int answered;
    private int proven;
    private int failed;

    Wave(long began) {
      this.began = began;
    }

    WaveOutcome outcome() {
      return new WaveOutcome(devices, answered, proven, failed);
    }
  }

  Waves(Server server) {
    this.server = server;
    this.world = server.world;
    this.schedule = server.schedule;
    this.rules = server.scenario.pace();
    this.pace = Pace.first(rules);
  }

  void begin() {
    schedule.in(rules.every(), this::look);
  }

  /** It is due, and waits for a wave. */
  void wait(Account account) {
    due.add(new Due(account, account.active, account.askedFirst != Account.NEVER));
  }

  private void look() {
    schedule.in(rules.every(), this::look);
    var now = schedule.instant();
    var began = Schedule.BEGIN.plusMillis(last.began);
    if (!server.isUp() || due.isEmpty() || !isNext(pace, last.outcome(), began, now)) {
      return;
    }
    change(after(pace, last.outcome()));
    if (!pace.paused()) {
      form();
    }
  }

  boolean isNext(Pace pace, WaveOutcome outcome, Instant began, Instant now) {
    return pace.isNext(outcome, began, now, rules);
  }

  /** The pace of the wave that follows. */
  Pace after(Pace pace, WaveOutcome outcome) {
    return pace.after(outcome, rules);
  }

  /** The pace while a wave runs. */
  Pace during(Pace pace, WaveOutcome outcome) {
    return pace.during(outcome, rules);
  }

  private void form() {
    var wave = new Wave(schedule.now());
    last = wave;
    number++;
    world.witness().begins(wave, pace.size());
    while (wave.devices < pace.size() && !due.isEmpty()) {
      var next = due.remove();
      var account = next.account();
      if (isStill(next)) {
        account.wave = wave;
        account.hasFailed = false;
        account.hasAnswered = false;
        wave.devices++;
        wave.unasked.add(account);
        // As in the product: so that the last of a wave have time to answer before the next one.
        var spread = server.jitter.within(rules.every().dividedBy(2), account.name, number);
        schedule.in(spread, () -> ask(account, wave));
      }
    }
    world.figures().wave(schedule.now(), wave.devices, pace.size());
  }

  /** It uses that certificate, and nothing is under way. */
  private boolean isStill(Due one) {
    var account = one.account();
    var wave = account.wave;
    return account.progress == null
        && !account.isRevoked
        && account.active == one.certificate()
        && schedule.now() < one.certificate().notAfter
        && (wave == null || !wave.unasked.contains(account));
  }

  private void ask(Account account, Wave wave) {
    if (wave.unasked.remove(account)) {
      if (account.progress == null) {
        server.askAnew(account);
      } else {
        // It came by itself meanwhile.
        leave(account);
      }
    }
  }

  private void change(Pace next) {
    if (next.paused() && !pace.paused()) {
      world.figures().paused(schedule.now());
      schedule.in(server.scenario.resumedAfter(), this::resume);
      giveBack(last);
    }
    pace = next;
  }

  /** Whom a wave has taken and not asked waits again when there are no waves. */
  void giveBack(Wave wave) {
    for (var account : List.copyOf(wave.unasked)) {
      leave(account);
      wait(account);
    }
  }

  private void resume() {
    pace = pace.resumed();
    last = new Wave(schedule.now());
    world.witness().resumed();
  }

  /** It has a new certificate. */
  void answered(Account account) {
    var wave = account.wave;
    if (wave != null && !account.hasAnswered) {
      account.hasAnswered = true;
      wave.answered++;
    }
  }

  /** Its device came with the new certificate. */
  void proven(Account account) {
    var wave = account.wave;
    if (wave != null) {
      world.witness().provenIn(wave, account);
      wave.proven++;
      if (account.hasFailed) {
        wave.failed--;
        account.hasFailed = false;
      }
      account.wave = null;
    }
  }

  /** Its device got a certificate, and did not come with it. */
  void failed(Account account) {
    var wave = account.wave;
    if (wave == null || account.hasFailed) {
      return;
    }
    account.hasFailed = true;
    wave.failed++;
    world.witness().failedIn(wave, account);
    if (wave == last) {
      change(during(pace, wave.outcome()));
    }
  }

  /** It counts no more. */
  void leave(Account account) {
    var wave = account.wave;
    if (wave != null) {
      world.witness().leaves(wave, account);
      wave.devices--;
      if (account.hasAnswered) {
        wave.answered--;
      }
      wave.unasked.remove(account);
      if (account.hasFailed) {
        wave.failed--;
      }
      account.wave = null;
    }
  }
}
