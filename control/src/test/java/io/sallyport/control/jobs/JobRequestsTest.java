package io.sallyport.control.jobs;

import static io.sallyport.control.jobs.JobSite.devicesNamed;
import static io.sallyport.control.jobs.JobSite.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.messaging.Request;
import io.sallyport.control.messaging.TopicService.Trouble;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What devices ask and are told, word by word. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class JobRequestsTest {
  private static final String NOTIFY = "$aws/things/MyThing/jobs/notify";
  private static final String NOTIFY_NEXT = "$aws/things/MyThing/jobs/notify-next";

  @Parameter TestDatabase kind;

  private JobSite site;

  @BeforeEach
  void open() {
    site = new JobSite(kind);
    site.devices("MyThing");
  }

  @AfterEach
  void close() {
    site.close();
  }

  private void job(String id) {
    site.job(id, devicesNamed("MyThing"), "");
  }

  private static List<String> topics(List<Publication> publications) {
    return publications.stream().map(Publication::topic).toList();
  }

  private String rejected(String topic, String payload) {
    return site.answer(topic, payload, "/rejected").get("code").asString();
  }

  /** The series of examples in "Jobs notifications" of the AWS IoT developer guide. */
  @Test
  void theExamplesOfTheGuide() {
    job("job1");
    var first = site.tick();
    assertThat(topics(first)).containsExactly(NOTIFY, NOTIFY_NEXT);
    assertThat(json(first.get(0)).toString())
        .isEqualTo(
            "{\"timestamp\":1517016947,\"jobs\":{\"QUEUED\":[{\"jobId\":\"job1\","
                + "\"queuedAt\":1517016947,\"lastUpdatedAt\":1517016947,\"versionNumber\":1,"
                + "\"executionNumber\":1}]}}");
    assertThat(json(first.get(1)).toString())
        .isEqualTo(
            "{\"timestamp\":1517016947,\"execution\":{\"jobId\":\"job1\",\"status\":\"QUEUED\","
                + "\"queuedAt\":1517016947,\"lastUpdatedAt\":1517016947,\"versionNumber\":1,"
                + "\"executionNumber\":1,\"jobDocument\":{\"operation\":\"test\"}}}");

    site.now = Instant.ofEpochSecond(1_517_017_191);
    job("job2");
    assertThat(topics(site.tick())).containsExactly(NOTIFY);

    site.now = Instant.ofEpochSecond(1_517_017_472);
    assertThat(site.ask("MyThing/jobs/job1/update", "{\"status\":\"IN_PROGRESS\"}")).hasSize(1);

    site.now = Instant.ofEpochSecond(1_517_017_905);
    job("job3");
    var third = site.tick();
    assertThat(topics(third)).containsExactly(NOTIFY);
    assertThat(json(third.getFirst()).toString())
        .isEqualTo(
            "{\"timestamp\":1517017905,\"jobs\":{\"IN_PROGRESS\":[{\"jobId\":\"job1\","
                + "\"queuedAt\":1517016947,\"startedAt\":1517017472,\"lastUpdatedAt\":1517017472,"
                + "\"versionNumber\":2,\"executionNumber\":1}],\"QUEUED\":[{\"jobId\":\"job2\","
                + "\"queuedAt\":1517017191,\"lastUpdatedAt\":1517017191,\"versionNumber\":1,"
                + "\"executionNumber\":1},{\"jobId\":\"job3\",\"queuedAt\":1517017905,"
                + "\"lastUpdatedAt\":1517017905,\"versionNumber\":1,\"executionNumber\":1}]}}");

    site.now = Instant.ofEpochSecond(1_517_186_269);
    var done = site.ask("MyThing/jobs/job1/update", "{\"status\":\"SUCCEEDED\"}");
    assertThat(topics(done))
        .containsExactly("$aws/things/MyThing/jobs/job1/update/accepted", NOTIFY, NOTIFY_NEXT);
    assertThat(json(done.get(2)).at("/execution/jobId").asString()).isEqualTo("job2");

    site.now = Instant.ofEpochSecond(1_517_186_779);
    var overtaken = site.ask("MyThing/jobs/job3/update", "{\"status\":\"IN_PROGRESS\"}");
    assertThat(topics(overtaken))
        .containsExactly("$aws/things/MyThing/jobs/job3/update/accepted", NOTIFY_NEXT);
    assertThat(json(overtaken.get(1)).toString())
        .isEqualTo(
            "{\"timestamp\":1517186779,\"execution\":{\"jobId\":\"job3\","
                + "\"status\":\"IN_PROGRESS\",\"queuedAt\":1517017905,\"startedAt\":1517186779,"
                + "\"lastUpdatedAt\":1517186779,\"versionNumber\":2,\"executionNumber\":1,"
                + "\"jobDocument\":{\"operation\":\"test\"}}}");

    site.now = Instant.ofEpochSecond(1_517_189_392);
    assertThat(topics(site.ask("MyThing/jobs/job2/update", "{\"status\":\"REJECTED\"}")))
        .containsExactly("$aws/things/MyThing/jobs/job2/update/accepted", NOTIFY);

    site.now = Instant.ofEpochSecond(1_517_189_551);
    site.jobs.delete("job3", true, "op");
    var empty = site.tick();
    assertThat(topics(empty)).containsExactly(NOTIFY, NOTIFY_NEXT);
    assertThat(json(empty.get(0)).toString()).isEqualTo("{\"timestamp\":1517189551,\"jobs\":{}}");
    assertThat(json(empty.get(1)).toString()).isEqualTo("{\"timestamp\":1517189551}");
  }

  @Test
  void aDeviceStartsReportsAndEnds() {
    job("022");
    site.tick();
    site.after(Duration.ofSeconds(5));

    var started =
        site.answer(
            "MyThing/jobs/start-next",
            "{\"statusDetails\":{\"step\":\"1\"},\"clientToken\":\"client-1\"}",
            "/accepted");
    assertThat(started.toString())
        .isEqualTo(
            "{\"clientToken\":\"client-1\",\"timestamp\":1517016952,\"execution\":{"
                + "\"jobId\":\"022\",\"thingName\":\"MyThing\",\"status\":\"IN_PROGRESS\","
                + "\"statusDetails\":{\"step\":\"1\"},\"queuedAt\":1517016947,"
                + "\"startedAt\":1517016952,\"lastUpdatedAt\":1517016952,\"versionNumber\":2,"
                + "\"executionNumber\":1,\"jobDocument\":{\"operation\":\"test\"}}}");

    // Asked again, nothing is started twice, nor are its details changed.
    var again = site.answer("MyThing/jobs/start-next", "{\"statusDetails\":{}}", "/accepted");
    assertThat(again.get("execution")).isEqualTo(started.get("execution"));

    var updated =
        site.answer(
            "MyThing/jobs/022/update",
            "{\"status\":\"IN_PROGRESS\",\"statusDetails\":{\"step\":\"2\"},"
                + "\"expectedVersion\":\"2\",\"includeJobExecutionState\":true,"
                + "\"includeJobDocument\":true}",
            "/accepted");
    assertThat(updated.get("executionState").toString())
        .isEqualTo(
            "{\"status\":\"IN_PROGRESS\",\"statusDetails\":{\"step\":\"2\"},"
                + "\"versionNumber\":3}");
    assertThat(updated.get("jobDocument").toString()).isEqualTo("{\"operation\":\"test\"}");

    assertThat(site.update("MyThing", "022", "SUCCEEDED").toString())
        .isEqualTo("{\"timestamp\":1517016952}");
    assertThat(site.startNext("MyThing").has("execution")).isFalse();
    assertThat(site.count("022", ExecutionStatus.SUCCEEDED)).isEqualTo(1);
  }

  @Test
  void whatIsPendingIsListedAndDescribed() {
    assertThat(site.answer("MyThing/jobs/get", "{\"clientToken\":\"t\"}", "/accepted").toString())
        .isEqualTo(
            "{\"clientToken\":\"t\",\"timestamp\":1517016947,\"inProgressJobs\":[],"
                + "\"queuedJobs\":[]}");
    assertThat(site.answer("MyThing/jobs/$next/get", "", "/accepted").has("execution")).isFalse();

    job("a");
    job("b");
    site.tick();
    site.update("MyThing", "b", "IN_PROGRESS");
    var list = site.answer("MyThing/jobs/get", "{}", "/accepted");

    assertThat(list.at("/inProgressJobs/0/jobId").asString()).isEqualTo("b");
    assertThat(list.at("/queuedJobs/0/jobId").asString()).isEqualTo("a");
    assertThat(
            site.answer("MyThing/jobs/$next/get", "{}", "/accepted")
                .at("/execution/jobId")
                .asString())
        .isEqualTo("b");
    var bare =
        site.answer(
            "MyThing/jobs/a/get",
            "{\"includeJobDocument\":false,\"executionNumber\":1}",
            "/accepted");
    assertThat(bare.at("/execution/jobDocument").isMissingNode()).isTrue();
    assertThat(bare.at("/execution/thingName").asString()).isEqualTo("MyThing");
    assertThat(rejected("MyThing/jobs/a/get", "{\"executionNumber\":2}"))
        .isEqualTo("ResourceNotFound");

    site.update("MyThing", "a", "FAILED");
    assertThat(rejected("MyThing/jobs/a/get", "{}")).isEqualTo("TerminalStateReached");
    site.update("MyThing", "$next", "SUCCEEDED");
    assertThat(site.count("b", ExecutionStatus.SUCCEEDED)).isEqualTo(1);
    assertThat(rejected("MyThing/jobs/$next/update", "{\"status\":\"SUCCEEDED\"}"))
        .isEqualTo("ResourceNotFound");
  }

  @Test
  void aConflictTellsTheDeviceWhereItStands() {
    job("a");
    site.tick();

    var stale =
        site.answer(
            "MyThing/jobs/a/update",
            "{\"status\":\"SUCCEEDED\",\"expectedVersion\":7,\"clientToken\":\"x\"}",
            "/rejected");
    assertThat(stale.toString())
        .isEqualTo(
            "{\"clientToken\":\"x\",\"timestamp\":1517016947,\"code\":\"VersionMismatch\","
                + "\"message\":\"the version is 1, not 7\","
                + "\"executionState\":{\"status\":\"QUEUED\",\"versionNumber\":1}}");

    site.update("MyThing", "a", "SUCCEEDED");
    var late = site.answer("MyThing/jobs/a/update", "{\"status\":\"IN_PROGRESS\"}", "/rejected");
    assertThat(late.get("code").asString()).isEqualTo("InvalidStateTransition");
    assertThat(late.at("/executionState/status").asString()).isEqualTo("SUCCEEDED");
  }

  @Test
  void everyMalformedRequestIsRejectedAndChangesNothing() {
    job("a");
    site.tick();
    var update = "MyThing/jobs/a/update";

    assertThat(rejected("MyThing/jobs/$other/get", "{}")).isEqualTo("InvalidTopic");
    assertThat(rejected("nobody/jobs/get", "{}")).isEqualTo("ResourceNotFound");
    assertThat(rejected("MyThing/jobs/b/get", "{}")).isEqualTo("ResourceNotFound");
    for (var json :
        List.of(
            "{",
            "[]",
            "\"x\"",
            "{}{}",
            "{\"status\":\"FAILED\",\"status\":\"FAILED\"}",
            "[".repeat(2_000),
            "{\"a\":" + "[".repeat(20) + "]".repeat(20) + "}",
            " ".repeat(JobRequest.BYTES_MAX) + "{}")) {
      assertThat(rejected(update, json)).isEqualTo("InvalidJson");
    }
    var elevenDetails =
        IntStream.range(0, 11)
            .mapToObj(n -> "\"k" + n + "\":\"v\"")
            .collect(Collectors.joining(","));
    for (var json :
        List.of(
            "{}",
            "{\"status\":\"QUEUED\"}",
            "{\"status\":\"CANCELED\"}",
            "{\"status\":1}",
            "{\"status\":\"FAILED\",\"statusDetails\":[]}",
            "{\"status\":\"FAILED\",\"statusDetails\":{\"a\":1}}",
            "{\"status\":\"FAILED\",\"statusDetails\":{\"a b\":\"1\"}}",
            "{\"status\":\"FAILED\",\"statusDetails\":{\"a\":\"\\u0000\"}}",
            "{\"status\":\"FAILED\",\"statusDetails\":{\"a\":\"\\ud800\"}}",
            "{\"status\":\"FAILED\",\"statusDetails\":{\"a\":\"" + "x".repeat(1_025) + "\"}}",
            "{\"status\":\"FAILED\",\"statusDetails\":{" + elevenDetails + "}}",
            "{\"status\":\"FAILED\",\"expectedVersion\":-1}",
            "{\"status\":\"FAILED\",\"expectedVersion\":1.5}",
            "{\"status\":\"FAILED\",\"expectedVersion\":\"one\"}",
            "{\"status\":\"FAILED\",\"expectedVersion\":99999999999999999999}",
            "{\"status\":\"FAILED\",\"includeJobDocument\":1}",
            "{\"status\":\"FAILED\",\"stepTimeoutInMinutes\":0}",
            "{\"status\":\"FAILED\",\"stepTimeoutInMinutes\":10081}",
            "{\"status\":\"FAILED\",\"stepTimeoutInMinutes\":\"1\"}",
            "{\"status\":\"FAILED\",\"clientToken\":7}",
            "{\"status\":\"FAILED\",\"clientToken\":\"" + "x".repeat(65) + "\"}")) {
      assertThat(rejected(update, json)).as(json).isEqualTo("InvalidRequest");
    }
    assertThat(site.count("a", ExecutionStatus.QUEUED)).isEqualTo(1);
  }

  @Test
  void membersOfOthersArePassedOver() {
    job("a");
    site.tick();

    assertThat(
            site.answer(
                    "MyThing/jobs/a/update",
                    "{\"status\":\"IN_PROGRESS\",\"other\":{\"x\":[1]},\"clientToken\":null}",
                    "/accepted")
                .has("code"))
        .isFalse();
  }

  @Test
  void whatWasNotWorkedOnIsSaid() {
    var request =
        new Request(
            "$aws/things/MyThing/jobs/get",
            "{\"clientToken\":\"t\"}".getBytes(StandardCharsets.UTF_8),
            site.now);

    var busy = json(site.requests.refusal(request, Trouble.BUSY).getFirst());
    var broken =
        json(
            site.requests
                .refusal(new Request(request.topic(), new byte[] {'{'}, site.now), Trouble.BROKEN)
                .getFirst());

    assertThat(busy.get("code").asString()).isEqualTo("RequestThrottled");
    assertThat(busy.get("clientToken").asString()).isEqualTo("t");
    assertThat(broken.get("code").asString()).isEqualTo("InternalError");
  }

  @Test
  void aNotificationHasTenExecutionsAndTheListHasAll() {
    IntStream.range(0, 12).forEach(n -> job("j%02d".formatted(n)));

    var last = site.tick();

    assertThat(json(last.getFirst()).at("/jobs/QUEUED")).hasSize(JobAnswers.NOTIFIED_MAX);
    assertThat(site.answer("MyThing/jobs/get", "{}", "/accepted").get("queuedJobs")).hasSize(12);
  }

  /** Two processes of one device, through two desks, start the same execution once. */
  @Test
  void manyAskForTheNextAndOneStartsIt() throws Exception {
    job("a");
    site.tick();
    var answers = new ArrayList<Long>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Long> start =
          () -> site.startNext("MyThing").at("/execution/versionNumber").asLong();
      for (var answer : threads.invokeAll(java.util.Collections.nCopies(8, start))) {
        answers.add(answer.get());
      }
    }

    assertThat(answers).containsOnly(2L);
  }

  @Test
  void manyReportWithOneVersionAndOneIsAccepted() throws Exception {
    job("a");
    site.tick();
    var accepted = new ArrayList<Boolean>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Boolean> report =
          () ->
              site.ask(
                      "MyThing/jobs/a/update", "{\"status\":\"IN_PROGRESS\",\"expectedVersion\":1}")
                  .getFirst()
                  .topic()
                  .endsWith("/accepted");
      for (var answer : threads.invokeAll(java.util.Collections.nCopies(8, report))) {
        accepted.add(answer.get());
      }
    }

    assertThat(accepted).filteredOn(Boolean::booleanValue).hasSize(1);
  }
}
