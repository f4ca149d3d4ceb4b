package io.sallyport.control.things;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.OperatorClient.Reply;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.registry.DeviceFacts;
import io.sallyport.control.registry.Principals;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class ThingsTest {
  private static Desk desk;

  ThingsTest(TestDatabase database) {
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

  private static void register(String id) {
    desk.database.change(
        handle ->
            Principals.insert(
                handle,
                new PrincipalId(id),
                PrincipalKind.DEVICE,
                "lamp",
                Map.of("room", "1"),
                Instant.EPOCH));
  }

  private static Reply post(String path, String body) throws Exception {
    return desk.admin.post("/api/v1/devices/" + path, body);
  }

  private static void done(String path, String body) throws Exception {
    var reply = post(path, body);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
  }

  private static void assertRefused(Reply reply, int status, String reason) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.json().get("reason").asString()).isEqualTo(reason);
  }

  private static String newest() throws Exception {
    var record = desk.admin.get("/api/v1/ledger?last=1").json().get("records").get(0);
    return record.get("type").asString() + " " + record.get("facts");
  }

  @Test
  void whatIsRecordedIsToldAndKeptAndInTheLedger() throws Exception {
    register("t-1");
    done("t-1/tags", "{\"set\":{\"site\":\"berlin\",\"line\":\"Halle 7\"}}");
    assertThat(newest())
        .isEqualTo("tags-changed {\"set.line\":\"Halle 7\",\"set.site\":\"berlin\"}");
    done("t-1/tags", "{\"set\":{\"site\":\"paris\"},\"remove\":[\"line\",\"never-there\"]}");
    assertThat(newest()).isEqualTo("tags-changed {\"removed\":\"line\",\"set.site\":\"paris\"}");
    done("t-1/state", "{\"firmwareVersion\":\"1.4.2\"}");
    done("t-1/state", "{\"attested\":\"no\"}");
    assertThat(newest()).isEqualTo("device-state-recorded {\"set.attested\":\"no\"}");

    var facts = new DeviceFacts("1.4.2", false, null, Map.of("site", "paris"));
    assertThat(desk.enforcement.lastOf("t-1").facts()).isEqualTo(facts);
    var shown = desk.admin.get("/api/v1/devices/t-1").json();
    assertThat(shown.get("tags").toString()).isEqualTo("{\"site\":\"paris\"}");
    assertThat(shown.get("firmwareVersion").asString()).isEqualTo("1.4.2");
    assertThat(shown.get("attested").asBoolean()).isFalse();
  }

  @Test
  void whatNobodyRecordedIsUnknownAndCanBecomeSoAgain() throws Exception {
    register("t-2");
    var fresh = desk.admin.get("/api/v1/devices/t-2").json();
    assertThat(fresh.has("firmwareVersion") || fresh.has("attested")).isFalse();
    done("t-2/state", "{\"firmwareVersion\":\"2.0.0-rc.1+77\",\"attested\":\"yes\"}");
    assertThat(desk.enforcement.lastOf("t-2").facts().attested()).isTrue();

    done("t-2/state", "{\"firmwareVersion\":\"unknown\",\"attested\":\"unknown\"}");

    assertThat(desk.enforcement.lastOf("t-2").facts()).isEqualTo(DeviceFacts.UNKNOWN);
    assertThat(newest())
        .isEqualTo(
            "device-state-recorded"
                + " {\"set.attested\":\"unknown\",\"set.firmwareVersion\":\"unknown\"}");
  }

  @Test
  void typeAndAttributesChangeAfterEnrolment() throws Exception {
    register("t-3");
    done("t-3/thing", "{\"thingType\":\"pump\",\"attributes\":{\"floor\":\"2\"}}");
    done("t-3/thing", "{\"remove\":[\"room\"]}");

    assertThat(desk.enforcement.lastOf("t-3").thingType()).isEqualTo("pump");
    assertThat(desk.enforcement.lastOf("t-3").attributes()).isEqualTo(Map.of("floor", "2"));
    assertThat(newest()).isEqualTo("thing-changed {\"removed\":\"room\"}");
    done("t-3/thing", "{\"thingType\":\"\"}");
    assertThat(desk.enforcement.lastOf("t-3").thingType()).isEmpty();
  }

  @Test
  void conditionsAreExplainedWithWhatIsRecorded() throws Exception {
    register("t-4");
    var policy =
        """
        {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:Publish",
         "Resource":"*","Condition":{"StringEquals":{"sallyport:DeviceTag/site":"berlin"},
         "VersionGreaterThanEquals":{"sallyport:FirmwareVersion":"1.4"},
         "Bool":{"sallyport:Attested":"true"}}}}
        """;
    assertThat(desk.admin.put("/api/v1/policies/facts", policy).status()).isEqualTo(200);
    desk.admin.post("/api/v1/policies/facts/attachments", "{\"principal\":\"t-4\"}");
    assertThat(mayPublish()).isFalse();
    done("t-4/tags", "{\"set\":{\"site\":\"berlin\"}}");
    done("t-4/state", "{\"firmwareVersion\":\"1.4.2\"}");
    assertThat(mayPublish()).isFalse();
    done("t-4/state", "{\"attested\":\"yes\"}");
    assertThat(mayPublish()).isTrue();
  }

  private static boolean mayPublish() throws Exception {
    var question = "{\"principal\":\"t-4\",\"action\":\"iot:Publish\",\"name\":\"x\"}";
    var answer = desk.admin.post("/api/v1/policies/explain", question);
    return answer.json().get("allowed").asBoolean();
  }

  @Test
  void whatNoConditionCouldAskIsRefused() throws Exception {
    register("t-5");
    for (var name : new String[] {"", "a b", "straße", "x".repeat(129), "a*", "a?"}) {
      assertRefused(post("t-5/tags", "{\"set\":{\"" + name + "\":\"v\"}}"), 400, "malformed-tags");
    }
    for (var value : new String[] {"x".repeat(257), "line\\nbreak", "\\u0000", "<b>"}) {
      assertRefused(post("t-5/tags", "{\"set\":{\"k\":\"" + value + "\"}}"), 400, "malformed-tags");
    }
    for (var version : new String[] {"", "latest", "1..2", "1.2.3.4.5.6.7", " 1.2"}) {
      assertRefused(
          post("t-5/state", "{\"firmwareVersion\":\"" + version + "\"}"),
          400,
          "malformed-firmware-version");
    }
    assertRefused(post("t-5/state", "{\"attested\":\"maybe\"}"), 400, "malformed-attestation");
    assertRefused(post("t-5/state", "{}"), 400, "nothing-to-record");
    assertRefused(post("t-5/tags", "{}"), 400, "malformed-change");
    assertRefused(
        post("t-5/tags", "{\"set\":{\"k\":\"v\"},\"remove\":[\"k\"]}"), 400, "malformed-change");
    assertRefused(post("t-5/thing", "{\"thingType\":\"a b\"}"), 400, "malformed-thing-type");
    assertRefused(
        post("t-5/thing", "{\"attributes\":{\"k\":\"a b\"}}"), 400, "malformed-attributes");
    assertRefused(post("nobody/tags", "{\"set\":{\"k\":\"v\"}}"), 404, "principal-unknown");
    assertThat(desk.admin.get("/api/v1/devices/t-5").json().get("tags")).isEmpty();
  }

  @Test
  void tagsAreBounded() throws Exception {
    register("t-6");
    var fifty =
        IntStream.range(0, 50)
            .mapToObj(i -> "\"k" + i + "\":\"" + "x".repeat(256) + "\"")
            .collect(Collectors.joining(","));
    done("t-6/tags", "{\"set\":{" + fifty + "}}");
    assertRefused(post("t-6/tags", "{\"set\":{\"one-more\":\"\"}}"), 400, "malformed-tags");
    done("t-6/tags", "{\"set\":{\"one-more\":\"\"},\"remove\":[\"k0\"]}");
  }

  @Test
  void theRecordOfWhoeverIsRevokedStaysAsItWas() throws Exception {
    register("t-7");
    done("t-7/tags", "{\"set\":{\"site\":\"berlin\"}}");
    done("t-7/revoke", "{}");
    assertRefused(post("t-7/tags", "{\"remove\":[\"site\"]}"), 409, "revoked");
  }
}
