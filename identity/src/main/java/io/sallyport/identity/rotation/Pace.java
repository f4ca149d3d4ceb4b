package io.sallyport.identity.rotation;

import java.time.Duration;
import java.time.Instant;

/**
 * How big the next wave is: halved when a wave fails too often, grown by a step when one goes well,
 * none at all when one fails badly. A pause ends only by an operator's word, and then begins with a
 * first wave again.
 *
 * @param size how many are in the next wave
 * @param paused whether there is none until somebody says so
 */
public record Pace(int size, boolean paused) {

  /** The first wave. */
  public static Pace first(PaceRules rules) {
    return new Pace(rules.canary(), false);
  }

  /** After a wave that is over, or of which nothing more is expected. */
  public Pace after(WaveOutcome wave, PaceRules rules) {
    var soFar = during(wave, rules);
    if (soFar.paused() || !isTelling(wave, rules)) {
      return soFar;
    }
    if (wave.failureShare() > rules.slowAbove()) {
      return new Pace(Math.max(1, size / 2), false);
    }
    return new Pace((int) Math.min(rules.waveMax(), (long) size + rules.step()), false);
  }

  /** While a wave runs: at once paused if it fails badly, else as it is. */
  public Pace during(WaveOutcome wave, PaceRules rules) {
    var failing = wave.settled() >= rules.sampleMin() && wave.failureShare() > rules.pauseAbove();
    return failing && !paused ? new Pace(rules.canary(), true) : this;
  }

  /** After a pause, by an operator's word. */
  public Pace resumed() {
    return new Pace(size, false);
  }

  /**
   * Whether the next wave may follow one that began then. It waits for those who got a certificate,
   * and not for those who have not answered: a fleet that sleeps much, or whose absent devices are
   * the first to expire, would otherwise come to a few in a day.
   */
  public boolean isNext(WaveOutcome last, Instant began, Instant now, PaceRules rules) {
    if (paused || now.isBefore(began.plus(rules.every()))) {
      return false;
    }
    return last.settled() >= last.answered() * rules.quorum()
        || !now.isBefore(began.plus(rules.patience()));
  }

  /** How long that many take at the soonest, if nothing fails. */
  public Duration eta(int remaining, PaceRules rules) {
    var waves = 0L;
    var left = (long) remaining;
    for (long wave = size; left > 0; wave += rules.step(), waves++) {
      var bounded = Math.min(wave, rules.waveMax());
      if (bounded == rules.waveMax()) {
        waves += Math.ceilDiv(left, bounded);
        break;
      }
      left -= bounded;
    }
    return rules.every().multipliedBy(waves);
  }

  private static boolean isTelling(WaveOutcome wave, PaceRules rules) {
    return wave.settled() > 0 && wave.settled() >= Math.min(rules.sampleMin(), wave.asked());
  }
}
