package io.sallyport.control.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.messaging.Postbox;
import io.sallyport.control.messaging.Publication;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Jobs by the REST API, and what is left of them when a device is revoked. */
@SuppressWarnings("NullAway.Init")
class JobRoutesTest {
  private static final String API = "/api/v1/jobs";

  private static Desk desk;
  private static JobScheduler scheduler;

  /** Takes every message. */
  private static final Postbox TAKES =
      new Postbox() {
        @Override
        public CompletableFuture<Void> post(Publication publication) {
          return CompletableFuture.completedFuture(null);
        }
      };

  @BeforeAll
  static void open() throws Exception {
    desk = Desk.open(TestDatabase.SQLITE);
    scheduler = new JobScheduler(desk.database, TAKES, JobLimits.DEFAULTS);
    for (var id : List.of("r1", "r2", "r3")) {
      assertThat(desk.admin.post("/api/v1/devices", Desk.enrolment(id, Desk.csr(id))).status())
          .isEqualTo(201);
    }
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private static JsonNode create(String id, String targets, String more) throws Exception {
    var reply =
        desk.admin.post(
            API,
            "{\"jobId\":\"%s\",\"document\":{\"do\":[1,2.5,\"é\"]},\"targets\":{%s}%s}"
                .formatted(id, targets, more));
    assertThat(reply.status()).isEqualTo(201);
    return reply.json();
  }

  private static void tick() {
    desk.clock.advance(Duration.ofSeconds(5));
    scheduler.tick(desk.clock.instant());
  }

  @Test
  void aJobIsMadeShownListedCancelledAndDeleted() throws Exception {
    var made =
        create(
            "rest-1",
            "\"query\":{\"prefix\":\"r\"}",
            ",\"schedulingConfig\":{\"maintenanceWindows\":[{\"startTime\":\"00:00\","
                + "\"durationInMinutes\":1430},{\"startTime\":\"12:00\","
                + "\"durationInMinutes\":1430}]}");
    assertThat(made.get("status").asString()).isEqualTo("IN_PROGRESS");
    assertThat(made.get("waiting").asLong()).isEqualTo(3);
    assertThat(made.get("document").toString()).isEqualTo("{\"do\":[1,2.5,\"é\"]}");
    assertThat(made.has("nextWindow")).isTrue();
    assertThat(made.at("/settings/targets/query/prefix").asString()).isEqualTo("r");

    tick();
    var shown = desk.admin.get(API + "/rest-1").json();
    assertThat(shown.at("/progress/QUEUED").asLong()).isEqualTo(3);
    var first = desk.admin.get(API + "/rest-1/executions?limit=2").json();
    assertThat(first.get("executions")).hasSize(2);
    assertThat(first.get("next").asString()).isEqualTo("r2");
    assertThat(desk.admin.get(API + "/rest-1/executions?status=FAILED").json().get("executions"))
        .isEmpty();
    assertThat(
            desk.admin
                .get(API + "/rest-1/executions/r1")
                .json()
                .at("/attempts/0/status")
                .asString())
        .isEqualTo("QUEUED");
    assertThat(desk.admin.get("/api/v1/devices/r1/jobs?status=QUEUED").json().get("executions"))
        .isNotEmpty();
    assertThat(
            desk.admin
                .post(API + "/rest-1/executions/r1/cancel", "{}")
                .json()
                .get("status")
                .asString())
        .isEqualTo("CANCELED");

    var cancelled =
        desk.admin.post(
            API + "/rest-1/cancel", "{\"force\":true,\"reasonCode\":\"X\",\"comment\":\"why\"}");
    assertThat(cancelled.json().get("status").asString()).isEqualTo("CANCELED");
    assertThat(cancelled.json().get("comment").asString()).isEqualTo("why");
    assertThat(desk.admin.get(API + "?status=CANCELED").json().get("jobs")).isNotEmpty();
    assertThat(desk.admin.delete(API + "/rest-1").status()).isEqualTo(200);
    assertThat(desk.admin.get(API + "/rest-1").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /none, 404, job-unknown",
    "GET, /none/executions, 404, job-unknown",
    "GET, /none/executions/r1, 404, execution-unknown",
    "GET, /none/executions?status=DONE, 400, malformed-query",
    "GET, ?status=DONE, 400, malformed-query",
    "POST, /none/cancel, 404, job-unknown",
    "POST, /none/executions/r1/cancel, 404, execution-unknown",
    "DELETE, /none, 404, job-unknown"
  })
  void whatIsNotThereIsSaid(String method, String path, int status, String reason)
      throws Exception {
    var reply =
        switch (method) {
          case "GET" -> desk.admin.get(API + path);
          case "POST" -> desk.admin.post(API + path, "{}");
          default -> desk.admin.delete(API + path);
        };

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.json().get("reason").asString()).isEqualTo(reason);
  }

  @Test
  void refusalsHaveTheirStatus() throws Exception {
    var form = "{\"jobId\":\"%s\",\"document\":{},\"targets\":{\"devices\":[\"%s\"]}}";

    assertThat(desk.admin.post(API, form.formatted("a b", "r1")).status()).isEqualTo(400);
    assertThat(desk.admin.post(API, form.formatted("x", "nobody")).status()).isEqualTo(422);
    assertThat(desk.admin.post(API, "{\"jobId\":\"x\",\"more\":1}").status()).isEqualTo(400);
    assertThat(desk.admin.get("/api/v1/devices/nobody/jobs").status()).isEqualTo(404);
    create("twice", "\"devices\":[\"r1\"]", "");
    assertThat(desk.admin.post(API, form.formatted("twice", "r1")).status()).isEqualTo(409);
  }

  @Test
  void whatARevokedDeviceWasToDoDiesWithItAndTheReceiptSaysSo() throws Exception {
    assertThat(
            desk.admin.post("/api/v1/devices", Desk.enrolment("lost", Desk.csr("lost"))).status())
        .isEqualTo(201);
    create("cut-1", "\"devices\":[\"lost\"]", "");
    create("cut-2", "\"devices\":[\"lost\"]", "");
    tick();
    create("cut-3", "\"devices\":[\"lost\"]", "");

    var receipt = desk.admin.post("/api/v1/devices/lost/revoke", "{}").json();

    assertThat(receipt.toString()).contains("\"what\":\"jobs\"").contains("\"where\":\"registry\"");
    for (var id : List.of("cut-1", "cut-2")) {
      var job = desk.admin.get(API + "/" + id).json();
      assertThat(job.at("/progress/REMOVED").asLong()).isEqualTo(1);
    }
    assertThat(desk.admin.get(API + "/cut-3").json().get("waiting").asLong()).isZero();
    tick();
    assertThat(desk.admin.get(API + "/cut-1").json().get("status").asString())
        .isEqualTo("COMPLETED");
    assertThat(desk.admin.get(API + "/cut-3").json().get("status").asString())
        .isEqualTo("COMPLETED");
  }

  @Test
  void metricsTellOfJobs() throws Exception {
    assertThat(desk.admin.text("/metrics"))
        .contains("sallyport_jobs{state=\"SCHEDULED\"}")
        .contains("sallyport_job_executions_pending{status=\"QUEUED\"}")
        .contains("sallyport_job_notices")
        .contains("sallyport_job_aborts_total 0.0");
  }
}
