package io.sallyport.control.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.OperatorClient.Reply;
import io.sallyport.control.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** On both databases: no way to change rights goes around the stored invariants. */
class GuardedChangesTest {
  private static final String API = "/api/v1/";
  private static final String OWN =
      "{\"invariants\":[{\"name\":\"own\",\"who\":\"devices\",\"never\":\"write\","
          + "\"topic\":\"devices/{other}/#\"}]}";
  private static final String GREEDY = policy("Allow", "devices/*");
  private static final String FENCE = policy("Deny", "devices/*");
  private static final String BY_TYPE = policy("Allow", "${iot:Connection.Thing.ThingTypeName}/*");
  private static final String BY_SITE =
      policy("Allow", "devices/*")
          .replace(
              "}}",
              ",\"Condition\":{\"StringEquals\":"
                  + "{\"iot:Connection.Thing.Attributes[site]\":\"north\"}}}}");

  private static String policy(String effect, String topic) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\""
        + effect
        + "\",\"Action\":\"iot:Publish\",\"Resource\":\"arn:aws:iot:*:*:topic/"
        + topic
        + "\"}}";
  }

  /** A desk with two devices, the group {@code g} and policies, all within the invariant. */
  private static Desk desk(TestDatabase kind) throws Exception {
    var desk = Desk.open(kind);
    for (var id : List.of("d1", "d2")) {
      ok(desk.admin.post(API + "devices", Desk.enrolment(id, Desk.csr(id))));
    }
    ok(desk.admin.post(API + "groups", "{\"name\":\"g\"}"));
    ok(desk.admin.put(API + "policies/greedy", GREEDY));
    ok(desk.admin.put(API + "policies/fence", FENCE));
    ok(desk.admin.put(API + "policies/by-type", BY_TYPE));
    ok(desk.admin.put(API + "policies/by-site", BY_SITE));
    ok(desk.admin.put(API + "invariants", OWN));
    return desk;
  }

  private static void ok(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isBetween(200, 201);
  }

  private static String state(Desk desk) throws Exception {
    var state = new ArrayList<String>();
    for (var path : List.of("devices", "groups", "groups/g/members", "observations")) {
      state.add(desk.admin.get(API + path).json().toString());
    }
    return state.toString();
  }

  private static JsonNode newest(Desk desk, String type) throws Exception {
    return desk.admin
        .get(API + "ledger?last=20")
        .json()
        .get("records")
        .valueStream()
        .filter(record -> record.get("type").asString().equals(type))
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  /** It is refused and nothing is changed; whoever insists is told of in the ledger. */
  private static void assertGuarded(
      Desk desk, String method, String path, @Nullable String body, String told) throws Exception {
    var before = state(desk);

    var refused = desk.admin.send(method, API + path, body);

    assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
    assertThat(refused.json().get("reason").asString()).isEqualTo("invariant-broken");
    assertThat(refused.json().get("detail").asString()).contains("'own': ", "can publish to");
    assertThat(state(desk)).isEqualTo(before);
    ok(desk.admin.send(method, API + path + mark(path) + "allowBreach=true", body));
    assertThat(newest(desk, told).at("/facts/breach").asString()).contains("can publish to");
  }

  private static char mark(String path) {
    return path.contains("?") ? '&' : '?';
  }

  @ParameterizedTest
  @EnumSource
  void membersOfAGroup(TestDatabase kind) throws Exception {
    try (var desk = desk(kind)) {
      ok(desk.admin.post(API + "groups/g/policies", "{\"policy\":\"greedy\"}"));
      var members = "{\"principals\":[\"d1\",\"d2\"]}";
      assertGuarded(desk, "POST", "groups/g/members", members, "group-member-added");
      ok(desk.admin.delete(API + "groups/g/policies/greedy"));
      assertGuarded(
          desk, "POST", "groups/g/policies", "{\"policy\":\"greedy\"}", "policy-attached");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAGroupDenies(TestDatabase kind) throws Exception {
    try (var desk = desk(kind)) {
      ok(desk.admin.post(API + "groups/g/members", "{\"principals\":[\"d1\",\"d2\"]}"));
      ok(desk.admin.post(API + "groups/g/policies", "{\"policy\":\"fence\"}"));
      for (var id : List.of("d1", "d2")) {
        ok(desk.admin.post(API + "policies/greedy/attachments", "{\"principal\":\"" + id + "\"}"));
      }

      assertGuarded(desk, "DELETE", "groups/g/policies/fence", null, "policy-detached");
      ok(desk.admin.post(API + "groups/g/policies", "{\"policy\":\"fence\"}"));
      assertGuarded(
          desk,
          "POST",
          "groups/g/members/remove",
          "{\"principals\":[\"d1\"]}",
          "group-member-removed");
      assertGuarded(desk, "DELETE", "groups/g?force=true", null, "policy-detached");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsEnforced(TestDatabase kind) throws Exception {
    try (var desk = desk(kind)) {
      ok(desk.admin.post(API + "groups/g/members", "{\"principals\":[\"d1\"]}"));
      for (var scope : List.of("group/g", "principal/d2")) {
        var path = "observations/" + scope;
        ok(desk.admin.put(API + path, "{\"policies\":[\"default-device\",\"greedy\"]}"));
        assertGuarded(desk, "POST", path + "/enforce", "{}", "policy-enforced");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void typeAndAttributes(TestDatabase kind) throws Exception {
    try (var desk = desk(kind)) {
      ok(desk.admin.post(API + "policies/by-type/attachments", "{\"principal\":\"d1\"}"));
      ok(desk.admin.post(API + "policies/by-site/attachments", "{\"principal\":\"d2\"}"));
      ok(desk.admin.post(API + "devices/d2/thing", "{\"attributes\":{\"site\":\"south\"}}"));

      assertGuarded(
          desk, "POST", "devices/d1/thing", "{\"thingType\":\"devices\"}", "thing-changed");
      assertGuarded(
          desk,
          "POST",
          "devices/d2/thing",
          "{\"attributes\":{\"site\":\"north\"}}",
          "thing-changed");
    }
  }

  @ParameterizedTest
  @EnumSource
  void somebodyNew(TestDatabase kind) throws Exception {
    try (var desk = desk(kind)) {
      var greedy = enrolment("d3", "greedy");
      assertGuarded(desk, "POST", "devices", greedy, "enrolled");
      var batch =
          "{\"devices\":["
              + enrolment("d4", "greedy")
              + ","
              + Desk.enrolment("d5", Desk.csr("d5"))
              + "]}";

      var results = desk.admin.post(API + "devices/batch", batch).json().get("results");

      assertThat(results.get(0).get("reason").asString()).isEqualTo("invariant-broken");
      assertThat(results.get(1).get("status").asString()).isEqualTo("issued");
      assertThat(desk.admin.get(API + "devices/d4").status()).isEqualTo(404);
      // The same request again, with the same key, once the policy is harmless.
      ok(desk.admin.put(API + "policies/greedy?allowBreach=true", policy("Allow", "x")));
      results = desk.admin.post(API + "devices/batch", batch).json().get("results");
      assertThat(results.get(0).get("status").asString()).isEqualTo("issued");
    }
  }

  private static String enrolment(String id, String policy) {
    return Desk.enrolment(id, Desk.csr(id))
        .replace("}", ",\"policies\":[\"" + policy + "\"]}")
        .replace("[\"" + policy, "[\"default-device\",\"" + policy);
  }

  /** A number that a refused version had is given to another document, with its own verdict. */
  @ParameterizedTest
  @EnumSource
  void aVerdictIsOfADocumentAndNotOfItsNumber(TestDatabase kind) throws Exception {
    try (var desk = desk(kind)) {
      ok(desk.admin.put(API + "policies/mine", policy("Allow", "a")));
      ok(desk.admin.post(API + "policies/mine/attachments", "{\"principal\":\"d1\"}"));

      assertThat(desk.admin.put(API + "policies/mine", GREEDY).status()).isEqualTo(422);
      ok(desk.admin.put(API + "policies/mine", policy("Allow", "b")));
      assertThat(desk.admin.put(API + "policies/mine", GREEDY).status()).isEqualTo(422);
    }
  }
}
