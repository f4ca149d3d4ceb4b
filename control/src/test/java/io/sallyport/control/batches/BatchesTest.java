package io.sallyport.control.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.revocation.Revoker;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.Chain;
import io.sallyport.ledger.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Batches are filled up to their bound, closed, and killed with every device in them. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class BatchesTest {
  private static final String API = "/api/v1/batches";

  private static Desk desk;

  BatchesTest(TestDatabase database) {
    assertThat(database).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void open(TestDatabase database) {
    desk = Desk.open(database);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    desk.close();
  }

  private static void create(String name, int wanted) throws Exception {
    var body = "{\"name\":\"" + name + "\",\"wanted\":" + wanted + "}";
    assertThat(desk.admin.post(API, body).status()).isEqualTo(201);
  }

  private static List<String> ids(String batch, int count) {
    return IntStream.range(0, count).mapToObj(n -> "%s-%03d".formatted(batch, n)).toList();
  }

  private static JsonNode enrol(String batch, List<String> ids) throws Exception {
    var devices =
        ids.stream().map(id -> Desk.enrolment(id, Desk.csr(id))).collect(Collectors.joining(","));
    var reply =
        desk.admin.post(
            "/api/v1/devices/batch", "{\"batch\":\"" + batch + "\",\"devices\":[" + devices + "]}");
    assertThat(reply.status()).isEqualTo(200);
    return reply.json().get("results");
  }

  private static List<String> reasons(JsonNode results) {
    return results
        .valueStream()
        .map(one -> one.path("reason").asString(one.get("status").asString()))
        .toList();
  }

  private static JsonNode batch(String name) throws Exception {
    return desk.admin.get(API + "/" + name).json();
  }

  @Test
  void takesAsManyAsAreWantedAndNoMore() throws Exception {
    create("full", 3);

    assertThat(reasons(enrol("full", ids("full", 5))))
        .containsExactly("issued", "issued", "issued", "batch-full", "batch-full");
    assertThat(reasons(enrol("full", List.of("full-late")))).containsExactly("batch-full");
    assertThat(batch("full").get("members").asInt()).isEqualTo(3);
    assertThat(desk.admin.get("/api/v1/devices/full-late").status()).isEqualTo(404);
    assertThat(desk.admin.get(API + "/full/members?limit=2").json().toString())
        .isEqualTo(
            "{\"members\":[{\"id\":\"full-000\",\"standing\":\"active\"},"
                + "{\"id\":\"full-001\",\"standing\":\"active\"}],\"next\":\"full-001\"}");
  }

  @Test
  void theBoundHoldsWhenManyComeAtOnce() throws Exception {
    create("race", 7);
    var answers = new ArrayList<Future<JsonNode>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 4; n++) {
        var some = ids("race" + n, 4);
        answers.add(threads.submit(() -> enrol("race", some)));
      }
    }

    var all = new ArrayList<String>();
    for (var answer : answers) {
      all.addAll(reasons(answer.get()));
    }
    assertThat(all).filteredOn("issued"::equals).hasSize(7);
    assertThat(batch("race").get("members").asInt()).isEqualTo(7);
  }

  @Test
  void whoIsRefusedAnywayIsNoMember() throws Exception {
    create("twice", 9);
    enrol("twice", List.of("twice-a"));

    assertThat(reasons(enrol("twice", List.of("twice-a")))).containsExactly("id-exists");
    assertThat(batch("twice").get("members").asInt()).isEqualTo(1);
  }

  @Test
  void aClosedBatchKeepsWhoIsInIt() throws Exception {
    create("done", 9);
    enrol("done", List.of("done-a"));

    var closed = desk.admin.post(API + "/done/close", "{}");

    assertThat(closed.json().get("state").asString()).isEqualTo("closed");
    assertThat(reasons(enrol("done", List.of("done-b")))).containsExactly("batch-closed");
    assertThat(desk.enforcement.lastOf("done-a").standing()).isEqualTo(Standing.ACTIVE);
  }

  @Test
  void aKilledBatchLetsNobodyInAndEveryDeviceIsCut() throws Exception {
    create("burnt", 500);
    int devices = Revoker.TOGETHER_MAX + 20;
    enrol("burnt", ids("burnt", devices));
    desk.admin.post("/api/v1/devices/burnt-005/revoke", "{}");
    desk.admin.post("/api/v1/devices/burnt-006/quarantine", "{}");

    var first = desk.admin.post(API + "/burnt/kill", "{\"reason\":\"keyCompromise\"}");

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.json().get("remaining").asInt()).isEqualTo(20);
    assertThat(first.json().get("revoked").asInt()).isEqualTo(Revoker.TOGETHER_MAX - 1);
    assertThat(reasons(enrol("burnt", List.of("burnt-new")))).containsExactly("batch-killed");
    var second = desk.admin.post(API + "/burnt/kill", "{}").json();
    assertThat(second.get("remaining").asInt()).isZero();
    assertThat(second.get("reason").asString()).isEqualTo("keyCompromise");
    for (var id : ids("burnt", devices)) {
      assertThat(desk.enforcement.toldOf(id)).contains("cut " + id + " REVOKED");
      assertThat(desk.enforcement.lastOf(id).activeCertificates()).isEmpty();
    }
    assertThat(desk.admin.post(API + "/burnt/kill", "{}").json().get("revoked").asInt()).isZero();
    assertThat(desk.control.ledger().verify().verdict()).isInstanceOf(Chain.Intact.class);
    assertThat(events("burnt")).containsExactly(EventType.BATCH_CREATED, EventType.BATCH_KILLED);
    assertThat(events("burnt-119"))
        .endsWith(EventType.REVOKED, EventType.SESSIONS_ENDED)
        .hasSize(4);
  }

  @Test
  void aKillThatNobodyWentOnWithIsFinishedByTheServer() throws Exception {
    create("left", 500);
    int devices = Revoker.TOGETHER_MAX + 3;
    enrol("left", ids("left", devices));
    desk.admin.post(API + "/left/kill", "{}");

    assertThat(desk.api().batches().finishInterrupted()).isEqualTo(3);

    assertThat(batch("left").get("remaining").asInt()).isZero();
    assertThat(desk.enforcement.lastOf("left-102").standing()).isEqualTo(Standing.REVOKED);
  }

  @Test
  void whatElseBelongsToABatchEndsInTheSameTransaction() throws Exception {
    create("with-claims", 9);
    var ended = new ArrayList<String>();
    var batches =
        new Batches(
            desk.database,
            desk.api().revoker(),
            desk.clock,
            List.of(
                (handle, batch, actor, _) -> {
                  assertThat(BatchTable.find(handle, batch)).isPresent();
                  ended.add(batch + " by " + actor);
                  return 2;
                }));

    var answer = batches.kill("with-claims", RevocationReason.KEY_COMPROMISE, "eve");

    assertThat(answer).isInstanceOf(BatchAnswer.Killed.class);
    assertThat(ended).containsExactly("with-claims by eve");
    assertThat(
            desk.control.ledger().after(0, 10_000).stream()
                .filter(one -> one.event().type() == EventType.BATCH_KILLED)
                .filter(one -> one.event().subject().equals("with-claims"))
                .findFirst()
                .orElseThrow()
                .event()
                .facts())
        .containsEntry("ended", "2");
  }

  @Test
  void aBatchThatIsKilledWhileItIsSignedForStaysWithoutThem() throws Exception {
    create("during", 9);
    var warrant = desk.api().batches().warrant("during");
    var request =
        new EnrolmentRequest(
            PrincipalKind.DEVICE, "during-a", Desk.csr("during-a"), Map.of(), "", null, null);
    // Killed between the two transactions of the enrolment.
    var late =
        new io.sallyport.control.enrolment.Warrant() {
          @Override
          public java.util.Optional<io.sallyport.control.enrolment.Enrolment.Refused> spend(
              org.jdbi.v3.core.Handle handle,
              PrincipalId id,
              io.sallyport.identity.PublicKeyHash key,
              java.time.Instant now) {
            var answer = warrant.spend(handle, id, key, now);
            BatchTable.change(handle, "during", BatchRecord.State.KILLED, null, "eve", now);
            return answer;
          }

          @Override
          public java.util.Optional<io.sallyport.control.enrolment.Enrolment.Refused> confirm(
              org.jdbi.v3.core.Handle handle, PrincipalId id, java.time.Instant now) {
            return warrant.confirm(handle, id, now);
          }
        };

    var answers = desk.control.enroller().enrolAll(List.of(request), "operator", false, late);

    assertThat(answers.getFirst().toString()).contains("batch-killed");
    assertThat(desk.admin.get("/api/v1/devices/during-a").status()).isEqualTo(404);
  }

  @Test
  void refusesWhatIsNoBatch() throws Exception {
    create("known", 1);

    assertThat(desk.admin.post(API, "{\"name\":\"known\",\"wanted\":1}").status()).isEqualTo(409);
    assertThat(desk.admin.post(API, "{\"name\":\"a b\",\"wanted\":1}").status()).isEqualTo(400);
    assertThat(desk.admin.post(API, "{\"name\":\"a\",\"wanted\":0}").status()).isEqualTo(400);
    assertThat(
            desk.admin
                .post(API, "{\"name\":\"a\",\"wanted\":" + (Batches.WANTED_MAX + 1) + "}")
                .status())
        .isEqualTo(400);
    assertThat(desk.admin.get(API + "/none").status()).isEqualTo(404);
    assertThat(desk.admin.get(API + "/none/members").status()).isEqualTo(404);
    assertThat(desk.admin.post(API + "/none/kill", "{}").status()).isEqualTo(404);
    assertThat(desk.admin.post(API + "/none/close", "{}").status()).isEqualTo(404);
    assertThat(desk.admin.post(API + "/known/kill", "{\"reason\":\"because\"}").status())
        .isEqualTo(400);
    assertThat(reasons(enrol("none", List.of("of-none")))).containsExactly("batch-unknown");
    assertThat(batch("known").get("state").asString()).isEqualTo("open");
  }

  private static List<EventType> events(String subject) {
    return desk.control.ledger().after(0, 10_000).stream()
        .filter(one -> one.event().subject().equals(subject))
        .map(one -> one.event().type())
        .toList();
  }
}
