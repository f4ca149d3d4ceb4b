package io.sallyport.control.jobs.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How fast a job is given out, and when so many failed that it is not. */
class RolloutTest {
  /** The table of "Job rollout rates" of the AWS IoT developer guide. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 50",
    "999, 0, 50",
    "1000, 0, 100",
    "1999, 999, 100",
    "2000, 0, 200",
    "0, 3000, 400",
    "4000, 10, 800",
    "5000, 0, 1000",
    "1000000000, 0, 1000"
  })
  void theRatesOfTheGuide(long notified, long succeeded, int perMinute) {
    var rate = new RolloutRate(50, 20, 1_000, 1_000, 1_000);

    assertThat(rate.perMinute(notified, succeeded)).isEqualTo(perMinute);
  }

  @Test
  void factorsWithATenthAreExact() {
    var rate = new RolloutRate(10, 11, null, 1, 1_000);

    // 10, 11, 12.1, 13.31, 14.641 and 16.1051 in decimal.
    assertThat(java.util.stream.LongStream.rangeClosed(0, 5).map(n -> rate.perMinute(99, n)))
        .containsExactly(10L, 11L, 12L, 13L, 14L, 16L);
  }

  @Test
  void aConstantRateStays() {
    assertThat(RolloutRate.constant(7).perMinute(1_000_000, 1_000_000)).isEqualTo(7);
    assertThat(RolloutRate.DEFAULT.perMinute(0, 0)).isEqualTo(1_000);
    // A base above the maximum is bounded by it from the start.
    assertThat(new RolloutRate(500, 20, 1, null, 100).perMinute(0, 0)).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    "60, 0, 5, 5",
    "50, 0, 5, 5",
    "1, 0, 5, 1",
    "1, 1, 5, 0",
    "60, 58, 5, 2",
    "60, 61, 5, 0",
    "60, 0, 600, 60",
    "60, 0, 0, 0",
    "60, 0, -5, 0"
  })
  void theMinutesShareAndNeverMoreThanTheRate(int rate, long lately, long seconds, int allowed) {
    assertThat(RolloutRate.allowance(rate, lately, Duration.ofSeconds(seconds))).isEqualTo(allowed);
  }

  private static Tally tally() {
    return new Tally()
        .add(ExecutionStatus.SUCCEEDED, null, 70)
        .add(ExecutionStatus.FAILED, null, 15)
        .add(ExecutionStatus.QUEUED, ExecutionStatus.FAILED, 5)
        .add(ExecutionStatus.REJECTED, null, 4)
        .add(ExecutionStatus.IN_PROGRESS, ExecutionStatus.TIMED_OUT, 6)
        .add(ExecutionStatus.QUEUED, null, 1_000)
        .add(ExecutionStatus.CANCELED, null, 50)
        .add(ExecutionStatus.REMOVED, null, 50);
  }

  @Test
  void whatIsTriedAgainHasFailedUntilItEndsOtherwise() {
    assertThat(tally().executed()).isEqualTo(100);
    assertThat(tally().failed()).isEqualTo(30);
    assertThat(tally().pending()).isEqualTo(1_011);
    assertThat(tally().notified()).isEqualTo(1_200);
  }

  @ParameterizedTest
  @CsvSource({
    "FAILED, 2000, 100, true",
    "FAILED, 2001, 100, false",
    "FAILED, 2000, 101, false",
    "REJECTED, 400, 1, true",
    "REJECTED, 401, 1, false",
    "TIMED_OUT, 600, 1, true",
    "TIMED_OUT, 601, 1, false",
    "ALL, 3000, 100, true",
    "ALL, 3001, 100, false"
  })
  void anAbortAtItsThreshold(
      AbortCriterion.Failure failure, int hundredths, int minimum, boolean met) {
    assertThat(new AbortCriterion(failure, hundredths, minimum).isMet(tally())).isEqualTo(met);
  }

  @Test
  void nothingIsAbortedBeforeAnythingWasExecuted() {
    assertThat(new AbortCriterion(AbortCriterion.Failure.ALL, 1, 1).isMet(new Tally())).isFalse();
  }
}
