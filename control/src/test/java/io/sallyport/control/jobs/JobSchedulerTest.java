package io.sallyport.control.jobs;

import static io.sallyport.control.jobs.JobSite.devicesNamed;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to jobs by itself, in simulated time. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class JobSchedulerTest extends JobScheduleStage {
  @Test
  void aConstantRateIsKeptExactly() {
    site.many(100);
    site.job("a", ALL, ",\"jobExecutionsRolloutConfig\":{\"maximumPerMinute\":30}");
    var perMinute = new ArrayList<Long>();
    for (int n = 0; n < 4; n++) {
      long before = given("a");
      minute();
      perMinute.add(given("a") - before);
    }

    assertThat(perMinute).containsExactly(30L, 30L, 30L, 10L);
    assertThat(site.shown("a").waiting()).isZero();
  }

  @Test
  void anExponentialRateGrowsAsDevicesSucceed() {
    var ids = site.many(120);
    site.job(
        "a",
        ALL,
        ",\"jobExecutionsRolloutConfig\":{\"exponentialRate\":{\"baseRatePerMinute\":10,"
            + "\"incrementFactor\":2,\"rateIncreaseCriteria\":{\"numberOfSucceededThings\":10}},"
            + "\"maximumPerMinute\":40}");
    var perMinute = new ArrayList<Long>();
    for (int n = 0; n < 5; n++) {
      long before = given("a");
      minute();
      perMinute.add(given("a") - before);
      if (n > 0) {
        // Ten of them succeed in each minute from the second one on.
        for (int i = 0; i < 10; i++) {
          site.update(ids[(n - 1) * 10 + i], "a", "SUCCEEDED");
        }
      }
    }

    assertThat(perMinute).containsExactly(10L, 10L, 20L, 40L, 40L);
  }

  @Test
  void afterAPauseNoMoreIsGivenOutThanInAMinute() {
    site.many(50);
    site.job("a", ALL, ",\"jobExecutionsRolloutConfig\":{\"maximumPerMinute\":20}");
    site.tick();
    site.after(Duration.ofDays(2));
    site.tick();

    assertThat(given("a")).isEqualTo(2 + 5);
    minute();
    assertThat(given("a")).isEqualTo(2 + 20);
  }

  @Test
  void aSnapshotEndsWhenItsLastDeviceIsDone() {
    site.devices("x", "y", "z");
    site.group("g", "x", "y");
    site.job("a", "\"groups\":[\"g\"],\"devices\":[\"x\"]", "");
    site.tick();
    assertThat(given("a")).isEqualTo(2);
    site.update("x", "a", "SUCCEEDED");
    site.database.change(handle -> GroupTable.add(handle, "g", new PrincipalId("z")));
    site.after(Duration.ofMinutes(2));
    site.tick();
    assertThat(site.state("a")).isEqualTo(JobState.IN_PROGRESS);

    site.update("y", "a", "FAILED");
    site.tick();

    assertThat(site.state("a")).isEqualTo(JobState.COMPLETED);
    assertThat(given("a")).isEqualTo(2);
  }

  @Test
  void aContinuousJobIsGivenToWhoJoinsAndTakenFromWhoLeaves() {
    site.devices("x", "y");
    site.group("g", "x");
    site.job("a", "\"groups\":[\"g\"]", ",\"targetSelection\":\"CONTINUOUS\"");
    site.tick();
    site.update("x", "a", "SUCCEEDED");
    assertThat(given("a")).isEqualTo(1);

    var y = new PrincipalId("y");
    site.database.change(handle -> GroupTable.add(handle, "g", y));
    site.after(Duration.ofMinutes(1));
    assertThat(site.tick()).hasSize(2);
    assertThat(site.count("a", ExecutionStatus.QUEUED)).isEqualTo(1);

    site.database.change(handle -> GroupTable.remove(handle, "g", y));
    site.after(Duration.ofMinutes(1));
    assertThat(site.tick()).hasSize(2);
    assertThat(site.count("a", ExecutionStatus.REMOVED)).isEqualTo(1);

    site.database.change(handle -> GroupTable.add(handle, "g", y));
    site.after(Duration.ofMinutes(1));
    site.tick();
    assertThat(site.startNext("y").at("/execution/executionNumber").asLong()).isEqualTo(2);
    assertThat(site.state("a")).isEqualTo(JobState.IN_PROGRESS);
  }

  @Test
  void whoIsQuarantinedWaitsAndWhoIsRevokedIsNoTarget() {
    site.devices("d1", "d2", "d3");
    site.standing("d2", Standing.QUARANTINED);
    site.standing("d3", Standing.REVOKED);
    site.job("a", ALL, "");
    site.tick();
    assertThat(given("a")).isEqualTo(1);
    assertThat(site.shown("a").waiting()).isEqualTo(1);

    site.standing("d2", Standing.ACTIVE);
    site.after(JobScheduler.EVERY);
    site.tick();
    assertThat(given("a")).isEqualTo(2);
  }

  @Test
  void whoHasTooMuchToDoWaits() {
    var small = new JobSite(kind.fresh(), new JobLimits(2, 100, 1_000, 100));
    try (small) {
      small.devices("x");
      for (var id : List.of("a", "b", "c")) {
        small.job(id, devicesNamed("x"), "");
      }
      small.tick();
      assertThat(small.answer("x/jobs/get", "", "/accepted").get("queuedJobs")).hasSize(2);
      small.update("x", "a", "SUCCEEDED");
      small.after(JobScheduler.EVERY);
      small.tick();
      assertThat(small.answer("x/jobs/get", "", "/accepted").get("queuedJobs")).hasSize(2);
      assertThat(small.state("a")).isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  void aJobIsAbortedAtItsThresholdAndGivenToNobodyElse() {
    var ids = site.many(40);
    site.job(
        "a",
        ALL,
        ",\"jobExecutionsRolloutConfig\":{\"maximumPerMinute\":20},\"abortConfig\":{"
            + "\"criteriaList\":[{\"action\":\"CANCEL\",\"failureType\":\"FAILED\","
            + "\"minNumberOfExecutedThings\":10,\"thresholdPercentage\":20}]}");
    minute();
    site.update(ids[19], "a", "IN_PROGRESS");
    for (int n = 0; n < 8; n++) {
      site.update(ids[n], "a", "SUCCEEDED");
    }
    site.update(ids[8], "a", "FAILED");
    long before = given("a");
    site.tick();
    assertThat(site.state("a")).isEqualTo(JobState.IN_PROGRESS);
    assertThat(given("a")).isGreaterThan(before);

    site.update(ids[9], "a", "FAILED");
    site.after(JobScheduler.EVERY);
    site.tick();

    var job = site.shown("a");
    assertThat(job.job().state()).isEqualTo(JobState.CANCELED);
    assertThat(job.job().reason()).isEqualTo("abort-criteria");
    assertThat(job.tally().of(ExecutionStatus.QUEUED)).isZero();
    assertThat(job.tally().of(ExecutionStatus.IN_PROGRESS)).isEqualTo(1);
    assertThat(job.waiting()).isZero();
    assertThat(events()).containsExactly(EventType.JOB_CREATED, EventType.JOB_ABORTED);
    assertThat(site.scheduler.aborts()).isEqualTo(1);
    long given = given("a");
    minute();
    assertThat(given("a")).isEqualTo(given);
    // Who had begun may still say how it ended.
    site.update(ids[19], "a", "SUCCEEDED");
  }

  @Test
  void whatTakesTooLongTimesOutAndIsTriedAgainSoOften() {
    site.devices("x");
    site.job(
        "a",
        devicesNamed("x"),
        ",\"timeoutConfig\":{\"inProgressTimeoutInMinutes\":10},\"jobExecutionsRetryConfig\":{"
            + "\"criteriaList\":[{\"failureType\":\"ALL\",\"numberOfRetries\":2}]}");
    site.tick();
    site.startNext("x");
    site.after(Duration.ofMinutes(10).minusMillis(1));
    assertThat(site.tick()).isEmpty();
    site.after(Duration.ofMillis(1));
    assertThat(site.tick()).hasSize(2);
    assertThat(site.count("a", ExecutionStatus.QUEUED)).isEqualTo(1);

    // Its own step is shorter than the job's.
    assertThat(
            site.answer("x/jobs/start-next", "{\"stepTimeoutInMinutes\":1}", "/accepted")
                .at("/execution/executionNumber")
                .asLong())
        .isEqualTo(2);
    site.after(Duration.ofMinutes(1));
    site.tick();
    site.startNext("x");
    var failed = site.ask("x/jobs/a/update", "{\"status\":\"FAILED\"}");
    assertThat(failed).hasSize(3);
    assertThat(site.startNext("x").has("execution")).isFalse();
    site.tick();

    assertThat(site.state("a")).isEqualTo(JobState.COMPLETED);
    assertThat(
            site.jobs.attempts("a", new PrincipalId("x")).stream()
                .map(one -> one.number() + " " + one.status()))
        .containsExactly("1 TIMED_OUT", "2 TIMED_OUT", "3 FAILED");
  }

  @Test
  void aFailureThatIsTriedAgainIsQueuedAtOnce() {
    site.devices("x");
    site.job(
        "a",
        devicesNamed("x"),
        ",\"jobExecutionsRetryConfig\":{\"criteriaList\":[{\"failureType\":\"FAILED\","
            + "\"numberOfRetries\":1}]}");
    site.tick();

    var told = site.ask("x/jobs/a/update", "{\"status\":\"FAILED\"}");

    assertThat(JobSite.json(told.get(2)).at("/execution/executionNumber").asLong()).isEqualTo(2);
    // The first attempt is told of no more.
    assertThat(
            site.answer(
                    "x/jobs/a/update",
                    "{\"status\":\"SUCCEEDED\",\"executionNumber\":1}",
                    "/rejected")
                .get("code")
                .asString())
        .isEqualTo("InvalidStateTransition");
    site.update("x", "a", "SUCCEEDED");
    assertThat(site.count("a", ExecutionStatus.SUCCEEDED)).isEqualTo(1);
  }
}
