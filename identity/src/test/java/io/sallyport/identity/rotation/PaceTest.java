package io.sallyport.identity.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Waves grow slowly, shrink fast, and stop by themselves. */
class PaceTest {
  private static final PaceRules RULES = PaceRules.USUAL;
  private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Pace HUNDRED = new Pace(100, false);

  private static WaveOutcome wave(int failed) {
    return new WaveOutcome(100, 100 - failed, failed);
  }

  @Test
  void beginsWithAFirstWaveAndGrowsByAStepUpToTheBound() {
    var pace = Pace.first(RULES);
    assertThat(pace.size()).isEqualTo(10);

    for (int i = 0; i < 20; i++) {
      pace = pace.after(wave(0), RULES);
    }

    assertThat(HUNDRED.after(wave(5), RULES)).isEqualTo(new Pace(200, false));
    assertThat(pace).isEqualTo(new Pace(1000, false));
  }

  @Test
  void halvesAboveOneShareOfFailuresAndPausesAboveAnother() {
    assertThat(HUNDRED.after(wave(6), RULES)).isEqualTo(new Pace(50, false));
    assertThat(new Pace(1, false).after(wave(6), RULES)).isEqualTo(new Pace(1, false));
    assertThat(HUNDRED.after(wave(20), RULES)).isEqualTo(new Pace(50, false));
    assertThat(HUNDRED.after(wave(21), RULES)).isEqualTo(new Pace(10, true));
  }

  @Test
  void pausesInTheMiddleOfAWave() {
    assertThat(HUNDRED.during(new WaveOutcome(100, 3, 2), RULES)).isEqualTo(new Pace(10, true));
    assertThat(HUNDRED.during(new WaveOutcome(100, 2, 2), RULES)).isEqualTo(HUNDRED);
    assertThat(HUNDRED.during(new WaveOutcome(100, 4, 1), RULES)).isEqualTo(HUNDRED);
  }

  @Test
  void oneBadDeviceDoesNotStopAFleet() {
    assertThat(HUNDRED.after(new WaveOutcome(1, 0, 1), RULES)).isEqualTo(new Pace(50, false));
    assertThat(HUNDRED.after(new WaveOutcome(3, 0, 2), RULES)).isEqualTo(HUNDRED);
    assertThat(HUNDRED.after(new WaveOutcome(9, 0, 0), RULES)).isEqualTo(HUNDRED);
  }

  @Test
  void aPauseEndsByAWordOnlyAndThenBeginsSmall() {
    var paused = HUNDRED.after(wave(50), RULES);

    assertThat(paused.after(wave(0), RULES)).isEqualTo(paused);
    assertThat(paused.during(wave(50), RULES)).isEqualTo(paused);
    assertThat(paused.isNext(wave(0), BEGAN, BEGAN.plus(Duration.ofDays(9)), RULES)).isFalse();
    assertThat(paused.resumed()).isEqualTo(new Pace(10, false));
  }

  @Test
  void theNextWaveWaitsForHalfOfTheLastButNotForEver() {
    var hour = BEGAN.plus(Duration.ofHours(1));

    assertThat(HUNDRED.isNext(wave(0), BEGAN, hour.minusMillis(1), RULES)).isFalse();
    assertThat(HUNDRED.isNext(wave(0), BEGAN, hour, RULES)).isTrue();
    assertThat(HUNDRED.isNext(new WaveOutcome(100, 49, 0), BEGAN, hour, RULES)).isFalse();
    assertThat(HUNDRED.isNext(new WaveOutcome(100, 49, 1), BEGAN, hour, RULES)).isTrue();
    assertThat(
            HUNDRED.isNext(
                new WaveOutcome(100, 0, 0), BEGAN, BEGAN.plus(Duration.ofDays(1)), RULES))
        .isTrue();
  }

  @Test
  void theNextWaveDoesNotWaitForTheAbsent() {
    var hour = BEGAN.plus(Duration.ofHours(1));

    assertThat(HUNDRED.isNext(new WaveOutcome(100, 0, 0, 0), BEGAN, hour, RULES)).isTrue();
    assertThat(HUNDRED.isNext(new WaveOutcome(100, 4, 1, 0), BEGAN, hour, RULES)).isFalse();
    assertThat(HUNDRED.isNext(new WaveOutcome(100, 4, 1, 1), BEGAN, hour, RULES)).isTrue();
    // And it is no bigger: nothing is known of how they fare.
    assertThat(HUNDRED.after(new WaveOutcome(100, 4, 4, 0), RULES)).isEqualTo(HUNDRED);
  }

  @Test
  void saysHowLongTheRestTakes() {
    assertThat(HUNDRED.eta(0, RULES)).isZero();
    assertThat(HUNDRED.eta(100, RULES)).isEqualTo(Duration.ofHours(1));
    assertThat(HUNDRED.eta(300, RULES)).isEqualTo(Duration.ofHours(2));
    assertThat(new Pace(1000, false).eta(100_000, RULES)).isEqualTo(Duration.ofHours(100));
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThatThrownBy(() -> new WaveOutcome(1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WaveOutcome(3, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WaveOutcome(3, 4, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rules(0, 0.05, 0.2, Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rules(10, 0.3, 0.2, Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rules(10, 0.05, 1.2, Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rules(10, 0.05, 0.2, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static PaceRules rules(int canary, double slow, double pause, Duration every) {
    return new PaceRules(canary, 100, 10, slow, pause, 5, 0.5, Duration.ofDays(1), every);
  }
}
