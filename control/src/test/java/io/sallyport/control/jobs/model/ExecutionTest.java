package io.sallyport.control.jobs.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each change of an execution that is allowed, and each that is not. */
class ExecutionTest {
  private static final Instant NOON = Instant.parse("2030-06-01T12:00:00Z");
  private static final Set<ExecutionStatus> REPORTED =
      EnumSet.of(
          ExecutionStatus.IN_PROGRESS,
          ExecutionStatus.SUCCEEDED,
          ExecutionStatus.FAILED,
          ExecutionStatus.REJECTED);

  private static Execution queued() {
    return Execution.queued("job", "device", 1, NOON);
  }

  private static Execution in(ExecutionStatus status) {
    return switch (status) {
      case QUEUED -> queued();
      case IN_PROGRESS -> made(queued(), status, NOON, new StepTimer.Kept(), null);
      case SUCCEEDED, FAILED, TIMED_OUT, REJECTED, REMOVED, CANCELED ->
          queued().ended(status, null, NOON);
    };
  }

  private static Report report(ExecutionStatus status) {
    return new Report(status, null, new StepTimer.Kept(), null);
  }

  private static Execution made(
      Execution before,
      ExecutionStatus status,
      Instant at,
      StepTimer step,
      @org.jspecify.annotations.Nullable Duration timeout) {
    return ((Transition.Made) before.report(new Report(status, null, step, null), timeout, at))
        .after();
  }

  @ParameterizedTest
  @EnumSource(ExecutionStatus.class)
  void fromEveryStatusToEveryStatus(ExecutionStatus from) {
    for (var to : ExecutionStatus.values()) {
      boolean allowed =
          (from == ExecutionStatus.QUEUED || from == ExecutionStatus.IN_PROGRESS)
              && REPORTED.contains(to);
      var before = in(from);
      var transition = before.report(report(to), null, NOON.plusSeconds(1));
      if (allowed) {
        assertThat(transition)
            .as("%s to %s", from, to)
            .isInstanceOfSatisfying(
                Transition.Made.class,
                made -> {
                  assertThat(made.after().status()).isEqualTo(to);
                  assertThat(made.after().version()).isEqualTo(before.version() + 1);
                  assertThat(made.after().updatedAt()).isEqualTo(NOON.plusSeconds(1));
                });
      } else {
        assertThat(transition)
            .as("%s to %s", from, to)
            .isInstanceOfSatisfying(
                Transition.Refused.class,
                refused -> assertThat(refused.why()).isEqualTo(Transition.Why.INVALID_STATE));
      }
    }
  }

  @Test
  void aVersionThatIsNotTheOneIsRefusedFirst() {
    var ended = in(ExecutionStatus.SUCCEEDED);
    var report =
        new Report(ExecutionStatus.FAILED, null, new StepTimer.Kept(), ended.version() + 1);

    assertThat(ended.report(report, null, NOON))
        .isInstanceOfSatisfying(
            Transition.Refused.class,
            refused -> assertThat(refused.why()).isEqualTo(Transition.Why.VERSION_MISMATCH));
    var right = new Report(ExecutionStatus.FAILED, null, new StepTimer.Kept(), 1L);
    assertThat(queued().report(right, null, NOON)).isInstanceOf(Transition.Made.class);
  }

  @Test
  void detailsStayUnlessOthersAreGiven() {
    var given = Map.of("step", "1");
    var first =
        ((Transition.Made)
                queued()
                    .report(
                        new Report(ExecutionStatus.IN_PROGRESS, given, new StepTimer.Kept(), null),
                        null,
                        NOON))
            .after();

    assertThat(made(first, ExecutionStatus.SUCCEEDED, NOON, new StepTimer.Kept(), null).details())
        .isEqualTo(given);
    assertThat(first.ended(ExecutionStatus.CANCELED, Map.of(), NOON).details()).isEmpty();
  }

  /** "How timers work for job timeouts" of the AWS IoT developer guide. */
  @Test
  void stepTimersRunWithinTheTimeoutOfTheJob() {
    var twenty = Duration.ofMinutes(20);
    var started = made(queued(), ExecutionStatus.IN_PROGRESS, NOON, new StepTimer.Kept(), twenty);
    assertThat(started.dueAt()).isEqualTo(NOON.plus(twenty));

    var steps = List.of(List.of(5, 7, 12), List.of(10, 5, 15), List.of(13, 9, 20));
    var execution = started;
    for (var step : steps) {
      execution =
          made(
              execution,
              ExecutionStatus.IN_PROGRESS,
              NOON.plus(Duration.ofMinutes(step.get(0))),
              new StepTimer.Set(Duration.ofMinutes(step.get(1))),
              twenty);
      assertThat(execution.dueAt()).isEqualTo(NOON.plus(Duration.ofMinutes(step.get(2))));
    }
    assertThat(execution.startedAt()).isEqualTo(NOON);

    var kept = made(execution, ExecutionStatus.IN_PROGRESS, NOON, new StepTimer.Kept(), twenty);
    assertThat(kept.stepUntil()).isEqualTo(execution.stepUntil());
    var without =
        made(execution, ExecutionStatus.IN_PROGRESS, NOON, new StepTimer.Discarded(), twenty);
    assertThat(without.stepUntil()).isNull();
    assertThat(made(without, ExecutionStatus.FAILED, NOON, new StepTimer.Kept(), twenty).dueAt())
        .isNull();
  }

  @Test
  void aStepTimerAloneHoldsToo() {
    var started =
        made(
            queued(),
            ExecutionStatus.IN_PROGRESS,
            NOON,
            new StepTimer.Set(Duration.ofMinutes(3)),
            null);

    assertThat(started.dueAt()).isEqualTo(NOON.plus(Duration.ofMinutes(3)));
  }

  @Test
  void aRetryKnowsWhatCameBefore() {
    var failed = in(ExecutionStatus.FAILED).retried(NOON);
    var timedOut = failed.ended(ExecutionStatus.TIMED_OUT, null, NOON).retried(NOON);

    assertThat(timedOut.number()).isEqualTo(3);
    assertThat(timedOut.status()).isEqualTo(ExecutionStatus.QUEUED);
    assertThat(timedOut.version()).isEqualTo(1);
    assertThat(timedOut.retryOf()).isEqualTo(ExecutionStatus.TIMED_OUT);
    assertThat(timedOut.failedBefore()).isEqualTo(1);
    assertThat(timedOut.timedOutBefore()).isEqualTo(1);
  }

  @Test
  void whatEndedDoesNotEndAgainAndIsNotTriedAgainUnlessItFailed() {
    assertThatThrownBy(
            () -> in(ExecutionStatus.SUCCEEDED).ended(ExecutionStatus.CANCELED, null, NOON))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> queued().ended(ExecutionStatus.IN_PROGRESS, null, NOON))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> in(ExecutionStatus.REJECTED).retried(NOON))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void retriesAreCountedByWhatFailed() {
    var failed = in(ExecutionStatus.FAILED);
    var timedOut = in(ExecutionStatus.TIMED_OUT);
    var second = failed.retried(NOON).ended(ExecutionStatus.FAILED, null, NOON);

    var onFailure = new RetryRule(RetryRule.Failure.FAILED, 1);
    assertThat(onFailure.allows(failed)).isTrue();
    assertThat(onFailure.allows(timedOut)).isFalse();
    assertThat(onFailure.allows(second)).isFalse();
    var onTimeout = new RetryRule(RetryRule.Failure.TIMED_OUT, 1);
    assertThat(onTimeout.allows(timedOut)).isTrue();
    assertThat(onTimeout.allows(failed)).isFalse();
    var onAny = new RetryRule(RetryRule.Failure.ALL, 2);
    assertThat(onAny.allows(failed)).isTrue();
    assertThat(onAny.allows(timedOut)).isTrue();
    assertThat(onAny.allows(second)).isTrue();
    assertThat(onAny.allows(second.retried(NOON).ended(ExecutionStatus.TIMED_OUT, null, NOON)))
        .isFalse();
    assertThat(onAny.allows(in(ExecutionStatus.REJECTED))).isFalse();
  }
}
