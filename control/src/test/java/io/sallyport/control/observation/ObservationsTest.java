package io.sallyport.control.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.registry.Observed;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.Action;
import io.sallyport.policy.PolicyVersion;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** On both databases: who is observed, what becomes of what was seen, and what follows from it. */
class ObservationsTest {
  private static final String GROUP = "/api/v1/observations/group/plant";
  private static final String TIGHT =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iot:Connect\","
          + "\"Resource\":\"arn:aws:iot:*:*:client/*\"}}";

  private final ScriptedWatch watch = new ScriptedWatch();

  private static Desk plant(TestDatabase database) throws Exception {
    var desk = Desk.open(database);
    for (var id : List.of("d-1", "d-2", "d-3")) {
      assertThat(desk.admin.post("/api/v1/devices", Desk.enrolment(id, Desk.csr(id))).status())
          .isEqualTo(201);
    }
    desk.admin.put("/api/v1/policies/tight", TIGHT);
    desk.control.groups().create("plant", "test");
    desk.control.groups().add("plant", List.of("d-1", "d-2"), "test");
    desk.control.groups().attach("default-backend", "plant", "test");
    return desk;
  }

  private Recorder recorder(Desk desk) {
    return new Recorder(desk.database, watch, desk.clock);
  }

  private static JsonNode get(Desk desk, String path) throws Exception {
    var answer = desk.admin.get(path);
    assertThat(answer.status()).as("%s: %s", path, answer.json()).isEqualTo(200);
    return answer.json();
  }

  private static PrincipalRecord told(Desk desk, String id) {
    return desk.database.read(
        handle -> desk.api().principals().find(handle, new PrincipalId(id)).orElseThrow());
  }

  private static List<String> proposed(@Nullable Observed observed) {
    assertThat(observed).isNotNull();
    var policies = observed == null ? null : observed.proposed();
    return policies == null ? List.of() : policies.stream().map(PolicyVersion::name).toList();
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aProposalTakesThePlaceOfWhatIsAttachedToItsScopeOnly(TestDatabase database)
      throws Exception {
    try (var desk = plant(database)) {
      assertThat(desk.admin.put(GROUP, "{\"policies\":[\"tight\"]}").status()).isEqualTo(200);

      assertThat(told(desk, "d-1").policies())
          .extracting(PolicyVersion::name)
          .containsExactly("default-backend", "default-device");
      assertThat(proposed(told(desk, "d-1").observed())).containsExactly("default-device", "tight");
      assertThat(told(desk, "d-3").observed()).isNull();

      desk.admin.put("/api/v1/observations/principal/d-1", "{\"policies\":[]}");
      assertThat(proposed(told(desk, "d-1").observed())).containsExactly("default-device", "tight");
      desk.admin.put("/api/v1/observations/principal/d-1", "{\"policies\":[\"tight\"]}");
      assertThat(proposed(told(desk, "d-1").observed())).containsExactly("tight");
      assertThat(get(desk, "/api/v1/observations").get("observations")).hasSize(2);

      desk.admin.delete(GROUP);
      assertThat(told(desk, "d-2").observed()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatWouldBeDeniedIsCountedAndHindersEnforcingUntilItIsSaidTwice(TestDatabase database)
      throws Exception {
    try (var desk = plant(database);
        var recorder = recorder(desk)) {
      desk.admin.put(GROUP, "{\"policies\":[\"tight\"]}");
      watch
          .saw("d-1", Action.CONNECT, "d-1", false)
          .saw("d-2", Action.PUBLISH, "alarm", true)
          .saw("d-2", Action.PUBLISH, "alarm", true);
      recorder.flush();
      watch.saw("d-2", Action.PUBLISH, "alarm", true);
      recorder.flush();

      var shown = get(desk, GROUP);
      assertThat(shown.get("denied").asInt()).isEqualTo(3);
      assertThat(shown.get("uses").asInt()).isEqualTo(4);
      var denial = shown.get("denials").get(0);
      assertThat(denial.get("principal").asString()).isEqualTo("d-2");
      assertThat(denial.get("name").asString()).isEqualTo("alarm");
      assertThat(denial.get("count").asInt()).isEqualTo(3);

      var refused = desk.admin.post(GROUP + "/enforce", "{}");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.json().get("reason").asString()).isEqualTo("would-deny");
      assertThat(told(desk, "d-1").grants().groups().getFirst().policies())
          .containsExactly("default-backend");

      assertThat(desk.admin.post(GROUP + "/enforce", "{\"anyway\":true}").status()).isEqualTo(200);
      assertThat(told(desk, "d-1").grants().groups().getFirst().policies())
          .containsExactly("tight");
      assertThat(told(desk, "d-1").observed()).isNull();
      var ledger = get(desk, "/api/v1/ledger?last=1").get("records").get(0);
      assertThat(ledger.get("type").asString()).isEqualTo("policy-enforced");
      assertThat(ledger.get("facts").get("before").asString()).isEqualTo("default-backend");
      assertThat(ledger.get("facts").get("despiteDenials").asString()).isEqualTo("3");
    }
  }

  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "SQLITE")
  void whatCannotBeIsRefusedAndNothingChanges(TestDatabase database) throws Exception {
    try (var desk = plant(database)) {
      assertThat(desk.admin.put(GROUP, "{\"policies\":[\"nobody\"]}").status()).isEqualTo(404);
      assertThat(desk.admin.put("/api/v1/observations/group/nobody", "{}").status()).isEqualTo(404);
      assertThat(desk.admin.put("/api/v1/observations/moon/plant", "{}").status()).isEqualTo(404);
      assertThat(desk.admin.delete(GROUP).status()).isEqualTo(404);
      assertThat(desk.admin.post(GROUP + "/enforce", "{}").status()).isEqualTo(404);
      desk.admin.put(GROUP, "{}");
      assertThat(desk.admin.post(GROUP + "/enforce", "{}").json().get("reason").asString())
          .isEqualTo("nothing-proposed");
      assertThat(desk.admin.get(GROUP + "/suggestion").json().get("reason").asString())
          .isEqualTo("nothing-seen");
    }
  }

  /** The attack: more policies than a session may have, brought in by enforcing. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void enforcingNeverPassesTheBoundOfPolicies(TestDatabase database) throws Exception {
    try (var desk = plant(database)) {
      var names = new java.util.ArrayList<String>();
      for (int i = 0; i < 10; i++) {
        names.add("\"p" + i + "\"");
        desk.admin.put("/api/v1/policies/p" + i, TIGHT);
      }
      desk.admin.put(GROUP, "{\"policies\":" + names + "}");
      assertThat(proposed(told(desk, "d-1").observed())).as("10 and its own").isEmpty();

      var refused = desk.admin.post(GROUP + "/enforce", "{}");

      assertThat(refused.json().get("reason").asString()).isEqualTo("too-many-policies");
      assertThat(told(desk, "d-1").policies()).hasSize(2);
      assertThat(get(desk, GROUP).get("proposed")).hasSize(10);
    }
  }

  /** The attack: a device that fills the registry with names. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theStoredNamesOfOneDeviceAreFewAndAllUsesAreCounted(TestDatabase database) throws Exception {
    try (var desk = plant(database);
        var recorder = recorder(desk)) {
      var random = new SplittableRandom(3);
      int uses = 0;
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 90; i++, uses++) {
          watch.saw("d-1", Action.PUBLISH, "r" + random.nextInt() + "/x" + random.nextInt(), false);
        }
        watch.saw("d-1", Action.PUBLISH, "steady", false);
        uses++;
        recorder.flush();
        var rows = desk.database.read(handle -> ActivityTable.of(handle, List.of("d-1")));
        assertThat(rows.size()).isLessThanOrEqualTo(ActivityMerge.NAMES_MAX);
      }
      var rows = desk.database.read(handle -> ActivityTable.of(handle, List.of("d-1")));
      assertThat(rows.stream().mapToLong(row -> row.uses().count()).sum()).isEqualTo(uses);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aSuggestionCoversWhatWasSeenAndSurvivesARestart(TestDatabase database) throws Exception {
    try (var desk = plant(database)) {
      desk.admin.put(GROUP, "{}");
      try (var before = recorder(desk)) {
        for (var id : List.of("d-1", "d-2")) {
          watch.saw(id, Action.CONNECT, id, false).saw(id, Action.PUBLISH, "t/" + id, false);
        }
        before.flush();
      }
      watch.saw("d-3", Action.PUBLISH, "elsewhere", false);
      try (var after = recorder(desk)) {
        after.flush();
      }

      var suggestion = get(desk, GROUP + "/suggestion?seconds=3600");

      assertThat(suggestion.get("document").toString())
          .contains("topic/t/${iot:Connection.Thing.ThingName}")
          .doesNotContain("elsewhere");
      var publish = suggestion.get("statements").get(1);
      assertThat(publish.get("resources").get(0).get("principals")).hasSize(2);
      desk.clock.advance(Duration.ofHours(2));
      assertThat(desk.admin.get(GROUP + "/suggestion?seconds=3600").status()).isEqualTo(409);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void unusedIsClaimedOnlyOfTimeThatWasWatched(TestDatabase database) throws Exception {
    try (var desk = plant(database)) {
      var path = "/api/v1/analysis/unused?policy=default-device&seconds=864000";
      var unwatched = get(desk, path).get("policies").get(0);
      assertThat(unwatched.get("watchedSeconds").asInt()).isZero();
      assertThat(unwatched.get("unused")).isEmpty();

      var killed = recorder(desk);
      killed.flush();
      desk.clock.advance(Duration.ofSeconds(100));
      watch.used("default-device", 1, 0, Action.CONNECT, 0);
      watch.used("default-device", 1, 1, Action.PUBLISH, 0);
      killed.flush();
      // A day in which nobody looked.
      desk.clock.advance(Duration.ofDays(1));
      try (var recorder = recorder(desk)) {
        recorder.flush();
        desk.clock.advance(Duration.ofSeconds(50));
        recorder.flush();
      }

      var watched = get(desk, path).get("policies").get(0);
      assertThat(watched.get("watchedSeconds").asInt()).isEqualTo(150);
      assertThat(watched.get("unused").valueStream().map(one -> one.get("sid").asString()))
          .doesNotContain("nobody")
          .contains("ConnectAsItself", "SendItsData", "SubscribeToItsCommands");
      var connect = watched.get("unused").get(0);
      assertThat(connect.get("whole").asBoolean()).isFalse();
      assertThat(connect.get("resources").get(0).asString()).endsWith("ThingName}:*");
      var commands =
          watched
              .get("unused")
              .valueStream()
              .filter(one -> one.get("sid").asString().equals("SubscribeToItsCommands"))
              .findFirst()
              .orElseThrow();
      assertThat(commands.get("whole").asBoolean()).isTrue();
      assertThat(get(desk, "/api/v1/analysis/unused?principal=d-3").get("policies")).hasSize(1);
      assertThat(get(desk, "/api/v1/analysis/unused?group=plant").get("policies")).hasSize(1);
      assertThat(desk.admin.get("/api/v1/analysis/unused?group=x").status()).isEqualTo(404);
    }
  }
}
