package io.sallyport.control.jobs;

import static io.sallyport.control.jobs.JobSite.devicesNamed;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.Chain;
import io.sallyport.ledger.EventType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class JobScheduleBoundsTest extends JobScheduleStage {
  @Test
  void aScheduleBeginsAndEndsItAsItSays() {
    site.devices("x", "y");
    var begin = JobSite.START.plus(Duration.ofHours(1));
    var end = begin.plus(Duration.ofHours(1));
    for (var behaviour : List.of("STOP_ROLLOUT", "CANCEL", "FORCE_CANCEL")) {
      site.job(
          behaviour,
          devicesNamed("x", "y"),
          ",\"schedulingConfig\":{\"startTime\":\"%s\",\"endTime\":\"%s\",\"endBehavior\":\"%s\"}"
              .formatted(begin, end, behaviour));
    }
    site.tick();
    assertThat(site.state("CANCEL")).isEqualTo(JobState.SCHEDULED);
    site.now = begin;
    site.tick();
    assertThat(site.state("CANCEL")).isEqualTo(JobState.IN_PROGRESS);
    site.after(JobScheduler.EVERY);
    site.tick();
    for (var behaviour : List.of("STOP_ROLLOUT", "CANCEL", "FORCE_CANCEL")) {
      assertThat(given(behaviour)).isEqualTo(2);
      site.update("x", behaviour, "IN_PROGRESS");
    }
    site.now = end;
    site.tick();

    assertThat(site.state("STOP_ROLLOUT")).isEqualTo(JobState.IN_PROGRESS);
    assertThat(site.count("STOP_ROLLOUT", ExecutionStatus.QUEUED)).isEqualTo(1);
    assertThat(site.state("CANCEL")).isEqualTo(JobState.CANCELED);
    assertThat(site.count("CANCEL", ExecutionStatus.CANCELED)).isEqualTo(1);
    assertThat(site.count("CANCEL", ExecutionStatus.IN_PROGRESS)).isEqualTo(1);
    assertThat(site.count("FORCE_CANCEL", ExecutionStatus.CANCELED)).isEqualTo(2);
    site.update("x", "STOP_ROLLOUT", "SUCCEEDED");
    site.update("y", "STOP_ROLLOUT", "SUCCEEDED");
    site.tick();
    assertThat(site.state("STOP_ROLLOUT")).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aContinuousJobEndsWithItsSchedule() {
    site.devices("d1");
    site.job(
        "a",
        ALL,
        ",\"targetSelection\":\"CONTINUOUS\",\"schedulingConfig\":{\"endTime\":\"%s\"}"
            .formatted(site.now.plusSeconds(60)));
    site.tick();
    site.update("d1", "a", "SUCCEEDED");
    site.after(Duration.ofMinutes(1));
    site.devices("d2");
    site.tick();

    assertThat(site.state("a")).isEqualTo(JobState.COMPLETED);
    assertThat(given("a")).isEqualTo(1);
  }

  @Test
  void itIsGivenOutInItsWindowsOnly() {
    site.many(20);
    // 27 January 2018 is a Saturday; it is 02:35 in Berlin.
    site.now = Instant.parse("2018-01-27T01:35:00Z");
    site.job(
        "a",
        ALL,
        ",\"jobExecutionsRolloutConfig\":{\"maximumPerMinute\":6},\"schedulingConfig\":{"
            + "\"maintenanceWindows\":[{\"startTime\":\"02:37\",\"days\":[\"SAT\",\"SUN\"],"
            + "\"timeZone\":\"Europe/Berlin\",\"durationInMinutes\":2}]}");
    var perMinute = new ArrayList<Long>();
    for (int n = 0; n < 6; n++) {
      long before = given("a");
      minute();
      perMinute.add(given("a") - before);
    }
    assertThat(perMinute).containsExactly(0L, 0L, 6L, 6L, 0L, 0L);

    site.now = Instant.parse("2018-01-28T01:37:00Z");
    minute();
    assertThat(given("a")).isEqualTo(18);
  }

  /** Two processes both take themselves for the leader. */
  @Test
  void twoSchedulersGiveItOutOnce() throws Exception {
    site.many(60);
    site.job("a", ALL, ",\"jobExecutionsRolloutConfig\":{\"maximumPerMinute\":24}");
    var boxes = IntStream.range(0, 4).mapToObj(_ -> new JobSite.Box()).toList();
    var schedulers =
        boxes.stream()
            .map(box -> new JobScheduler(site.database, box, JobLimits.DEFAULTS))
            .toList();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int tick = 0; tick < 12; tick++) {
        for (var done :
            threads.invokeAll(
                schedulers.stream()
                    .<Callable<Boolean>>map(
                        scheduler ->
                            () -> {
                              scheduler.tick(site.now);
                              return true;
                            })
                    .toList())) {
          assertThat(done.get()).isTrue();
        }
        site.after(JobScheduler.EVERY);
      }
    }

    assertThat(given("a")).isEqualTo(24);
    long rows =
        site.database.read(
            handle ->
                handle.createQuery("select count(*) from job_execution").mapTo(Long.class).one());
    assertThat(rows).isEqualTo(24);
  }

  @Test
  void whoCouldNotBeToldIsToldLater() {
    site.devices("x", "y");
    site.job("a", devicesNamed("x", "y"), "");
    site.box.closed = true;
    assertThat(site.tick()).isEmpty();
    site.job("b", devicesNamed("x"), "");
    site.tick();
    site.box.closed = false;

    assertThat(site.tick()).hasSize(4);
    assertThat(site.tick()).isEmpty();
  }

  @Test
  void anOperatorCancelsOneExecutionAndThenTheJob() {
    site.devices("x", "y", "z");
    site.job("a", devicesNamed("x", "y", "z"), "");
    site.tick();
    site.startNext("x");
    var x = new PrincipalId("x");
    var y = new PrincipalId("y");

    assertThat(site.jobs.cancelExecution("a", x, false, null, "op"))
        .isInstanceOfSatisfying(
            JobAnswer.Refused.class, no -> assertThat(no.reason()).isEqualTo("in-progress"));
    assertThat(site.jobs.cancelExecution("a", x, true, 9L, "op"))
        .isInstanceOfSatisfying(
            JobAnswer.Refused.class, no -> assertThat(no.reason()).isEqualTo("version-mismatch"));
    assertThat(site.jobs.cancelExecution("a", y, false, 1L, "op"))
        .isInstanceOf(JobAnswer.ExecutionEnded.class);
    assertThat(site.jobs.cancelExecution("a", y, true, null, "op"))
        .isInstanceOfSatisfying(
            JobAnswer.Refused.class, no -> assertThat(no.reason()).isEqualTo("execution-ended"));
    assertThat(site.tick()).hasSize(2);

    var cause = new Jobs.Cause("WRONG_IMAGE", "for another board");
    assertThat(site.jobs.cancel("a", false, cause, "op")).isInstanceOf(JobAnswer.Shown.class);
    assertThat(site.count("a", ExecutionStatus.IN_PROGRESS)).isEqualTo(1);
    assertThat(site.startNext("z").has("execution")).isFalse();
    assertThat(site.jobs.cancel("a", false, cause, "op"))
        .isInstanceOfSatisfying(
            JobAnswer.Refused.class, no -> assertThat(no.reason()).isEqualTo("job-ended"));
    assertThat(site.jobs.delete("a", false, "op"))
        .isInstanceOfSatisfying(
            JobAnswer.Refused.class, no -> assertThat(no.reason()).isEqualTo("job-alive"));
    site.jobs.cancel("a", true, cause, "op");
    assertThat(site.count("a", ExecutionStatus.CANCELED)).isEqualTo(3);
    assertThat(site.jobs.delete("a", false, "op")).isEqualTo(new JobAnswer.Deleted("a"));
    assertThat(site.jobs.show("a")).isInstanceOf(JobAnswer.Refused.class);
    assertThat(events())
        .containsExactly(
            EventType.JOB_CREATED,
            EventType.JOB_EXECUTION_CANCELED,
            EventType.JOB_CANCELED,
            EventType.JOB_CANCELED,
            EventType.JOB_DELETED);
    assertThat(new LedgerStore(site.database).verify().verdict()).isInstanceOf(Chain.Intact.class);
  }

  /** More than are held in memory at once. */
  @Test
  void thousandsAreCancelledTogether() {
    site.many(1_200);
    site.job("a", ALL, "");
    minute();
    minute();
    assertThat(given("a")).isEqualTo(1_200);

    site.jobs.cancel("a", false, new Jobs.Cause(null, null), "op");

    assertThat(site.count("a", ExecutionStatus.CANCELED)).isEqualTo(1_200);
    assertThat(site.tick()).hasSize(2_400);
  }

  @Test
  void everyBoundIsHeld() {
    var small = new JobSite(kind.fresh(), new JobLimits(2, 2, 30, 3));
    try (small) {
      small.many(4);
      assertThat(small.create("{\"jobId\":\"a\",\"document\":{},\"targets\":{" + ALL + "}}"))
          .isInstanceOfSatisfying(
              JobAnswer.Refused.class, no -> assertThat(no.reason()).isEqualTo("too-many-targets"));
      small.job("a", devicesNamed("d00000"), "");
      small.job("b", devicesNamed("d00000"), "");
      var third = "{\"jobId\":\"%s\",\"document\":%s,\"targets\":{\"devices\":[\"d00000\"]}}";
      assertThat(small.create(third.formatted("c", "{}")))
          .isInstanceOfSatisfying(
              JobAnswer.Refused.class, no -> assertThat(no.reason()).isEqualTo("too-many-jobs"));
      for (var document :
          List.of(
              "[]",
              "{\"a\":1e999}",
              "{\"a\":\"%s\"}".formatted("x".repeat(30)),
              "{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}")) {
        assertThat(small.create(third.formatted("c", document)))
            .isInstanceOfSatisfying(
                JobAnswer.Refused.class,
                no -> assertThat(no.why()).isEqualTo(JobAnswer.Why.MALFORMED));
      }
      small.jobs.cancel("a", true, new Jobs.Cause(null, null), "op");
      small.job("c", devicesNamed("d00000"), "");
    }
  }

  @Test
  void aContinuousJobGrowsToItsBoundAndNoFurther() {
    var small = new JobSite(kind.fresh(), new JobLimits(2, 2, 30, 3));
    try (small) {
      small.devices("d1", "d2");
      small.job("a", ALL, ",\"targetSelection\":\"CONTINUOUS\"");
      small.tick();
      small.devices("d3", "d4", "d5");
      small.after(Duration.ofMinutes(1));
      small.tick();
      small.after(Duration.ofMinutes(1));
      small.tick();

      assertThat(small.shown("a").tally().notified()).isEqualTo(3);
    }
  }

  @Test
  void whatIsNoJobIsRefused() {
    site.devices("x");
    site.job("a", devicesNamed("x"), "");
    var form = "{\"jobId\":%s,\"document\":{},\"targets\":{%s}%s}";
    for (var refused :
        List.of(
            List.of(form.formatted("\"a b\"", devicesNamed("x"), ""), "malformed-job"),
            List.of(form.formatted("null", devicesNamed("x"), ""), "malformed-job"),
            List.of("{\"jobId\":\"b\",\"targets\":{\"devices\":[\"x\"]}}", "malformed-job"),
            List.of(form.formatted("\"b\"", "", ""), "malformed-job"),
            List.of(
                form.formatted(
                    "\"b\"", devicesNamed("x"), ",\"description\":\"" + "x".repeat(2_029) + "\""),
                "malformed-job"),
            List.of(
                form.formatted(
                    "\"b\"",
                    devicesNamed("x"),
                    ",\"schedulingConfig\":{\"endTime\":\"2018-01-01 00:00\"}"),
                "malformed-job"),
            List.of(form.formatted("\"b\"", devicesNamed("nobody"), ""), "principal-unknown"),
            List.of(form.formatted("\"b\"", "\"groups\":[\"none\"]", ""), "group-unknown"),
            List.of(form.formatted("\"a\"", devicesNamed("x"), ""), "job-exists"))) {
      assertThat(site.create(refused.getFirst()))
          .as(refused.getFirst())
          .isInstanceOfSatisfying(
              JobAnswer.Refused.class, no -> assertThat(no.reason()).isEqualTo(refused.getLast()));
    }
    assertThat(site.jobs.cancel("a", false, new Jobs.Cause("lower", null), "op"))
        .isInstanceOfSatisfying(
            JobAnswer.Refused.class, no -> assertThat(no.why()).isEqualTo(JobAnswer.Why.MALFORMED));
    var no = new Jobs.Cause(null, null);
    assertThat(site.jobs.cancel("b", false, no, "op")).isInstanceOf(JobAnswer.Refused.class);
    assertThat(site.jobs.delete("b", false, "op")).isInstanceOf(JobAnswer.Refused.class);
    assertThat(site.jobs.cancelExecution("a", new PrincipalId("y"), true, null, "op"))
        .isInstanceOf(JobAnswer.Refused.class);
  }
}
