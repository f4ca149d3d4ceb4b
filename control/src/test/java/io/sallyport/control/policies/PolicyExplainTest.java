package io.sallyport.control.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("NullAway.Init")
class PolicyExplainTest {
  private static final String PATH = "/api/v1/policies/explain";
  private static Desk desk;

  @BeforeAll
  static void open() throws Exception {
    desk = Desk.open(TestDatabase.SQLITE);
    var reply = desk.admin.post("/api/v1/devices", Desk.enrolment("d-1", Desk.csr("d-1")));
    assertThat(reply.status()).isEqualTo(201);
    var night =
        """
        {"Version":"2012-10-17","Statement":[
         {"Effect":"Deny","Action":"iot:Publish","Resource":"*","Condition":
          {"TimeOfDayBetween":{"sallyport:TimeOfDay":"22:00-06:00"}}},
         {"Effect":"Allow","Action":"iot:Subscribe",
          "Resource":"arn:aws:iot:*:*:topicfilter/jobs*"}]}
        """;
    assertThat(desk.admin.put("/api/v1/policies/night", night).status()).isEqualTo(200);
    var body = "{\"principal\":\"d-1\"}";
    assertThat(desk.admin.post("/api/v1/policies/night/attachments", body).status()).isEqualTo(200);
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private static JsonNode explained(String action, String name, String more) throws Exception {
    var reply =
        desk.admin.post(
            PATH,
            "{\"principal\":\"d-1\",\"action\":\"%s\",\"name\":\"%s\"%s}"
                .formatted(action, name, more));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    return reply.json();
  }

  private static String at(String time) {
    return ",\"set\":{\"sallyport:TimeOfDay\":[\"" + time + "\"]}";
  }

  @Test
  void namesTheDecidingStatementWithItsLine() throws Exception {
    var answer = explained("iot:Publish", "devices/d-1/telemetry", at("12:00"));
    assertThat(answer.get("allowed").asBoolean()).isTrue();
    assertThat(answer.get("statement").get("policy").asString()).isEqualTo("default-device");
    assertThat(answer.get("statement").get("sid").asString()).isEqualTo("SendItsData");
    assertThat(answer.get("statement").get("line").asInt()).isEqualTo(13);
    assertThat(answer.get("changes")).isEmpty();
  }

  @Test
  void saysWhichPartFailedAndWhatWouldAllow() throws Exception {
    var answer = explained("iot:Publish", "devices/d-2/telemetry", at("12:00"));
    assertThat(answer.get("allowed").asBoolean()).isFalse();
    assertThat(answer.get("considered").toString())
        .contains("topic/devices/${iot:Connection.Thing.ThingName}/telemetry")
        .contains("topic/devices/d-2/telemetry")
        .contains("TimeOfDayBetween sallyport:TimeOfDay");
    var change = answer.get("changes").get(0);
    assertThat(change.get("kind").asString()).isEqualTo("add-statement");
    assertThat(change.get("json").get("Resource").asString())
        .isEqualTo("arn:aws:iot:*:*:topic/devices/d-2/telemetry");
  }

  @Test
  void aDenyIsNamedAndCanBeNarrowed() throws Exception {
    var answer = explained("iot:Publish", "devices/d-1/telemetry", at("23:00"));
    assertThat(answer.get("allowed").asBoolean()).isFalse();
    assertThat(answer.get("statement").get("policy").asString()).isEqualTo("night");
    var change = answer.get("changes").get(0);
    assertThat(change.get("kind").asString()).isEqualTo("narrow-deny");
    assertThat(change.get("statement").get("line").asInt()).isEqualTo(2);
    assertThat(change.get("json").toString()).contains("StringNotEquals").contains("d-1");
  }

  @Test
  void aRequestThatNeedsTwoRightsIsExplainedByTheOneThatIsMissing() throws Exception {
    var share = explained("iot:Subscribe", "$share/g/jobs", "");
    assertThat(share.get("action").asString()).isEqualTo("sallyport:ShareGroup");
    assertThat(share.get("allowed").asBoolean()).isFalse();
    var retained =
        explained("iot:Publish", "devices/d-1/telemetry", ",\"retain\":true" + at("12:00"));
    assertThat(retained.get("action").asString()).isEqualTo("iot:RetainPublish");
    assertThat(retained.get("allowed").asBoolean()).isFalse();
  }

  @Test
  void aFilterIsExplainedByATopicThatMayNotBeReceived() throws Exception {
    var wide = explained("iot:Subscribe", "jobs/#", "");
    assertThat(wide.get("allowed").asBoolean()).isFalse();
    assertThat(wide.get("mode").asString()).isEqualTo("strict");
    assertThat(wide.get("explanation").asString())
        .startsWith("'jobs/#' matches 'jobs/', which may not be received");
    assertThat(wide.get("action").asString()).isEqualTo("iot:Receive");
    assertThat(wide.get("changes").get(0).get("json").get("Resource").asString())
        .isEqualTo("arn:aws:iot:*:*:topic/jobs/");
    var literal = explained("iot:Subscribe", "jobs/#", ",\"mode\":\"aws-compat\"");
    assertThat(literal.get("allowed").asBoolean()).isTrue();
    assertThat(literal.get("listener").asString()).isEqualTo("mqtt");
  }

  @Test
  void aConnectIsAskedByItsClientId() throws Exception {
    assertThat(explained("iot:Connect", "d-1", "").get("allowed").asBoolean()).isTrue();
    assertThat(explained("iot:Connect", "d-2", "").get("allowed").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}; 400",
        "{\"principal\":\"d-1\",\"action\":\"iot:Publish\"}; 400",
        "{\"principal\":\"d 1\",\"action\":\"iot:Publish\",\"name\":\"x\"}; 400",
        "{\"principal\":\"d-1\",\"action\":\"iot:Pub\",\"name\":\"x\"}; 400",
        "{\"principal\":\"d-1\",\"action\":\"iot:Publish\",\"name\":\"x\",\"mode\":\"lax\"}; 400",
        "{\"principal\":\"d-9\",\"action\":\"iot:Publish\",\"name\":\"x\"}; 404",
        "{\"principal\":\"d-1\",\"action\":\"iot:Publish\",\"name\":\"x\",\"set\":{\"moon\":[\"full\"]}};"
            + " 400",
        "{\"principal\":\"d-1\",\"action\":\"iot:Publish\",\"name\":\"x\",\"moon\":1}; 400",
      })
  void refusesOtherQuestions(String body, int status) throws Exception {
    assertThat(desk.admin.post(PATH, body).status()).isEqualTo(status);
  }
}
