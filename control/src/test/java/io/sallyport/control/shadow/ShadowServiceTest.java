package io.sallyport.control.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.registry.Principals;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class ShadowServiceTest extends ShadowStage {
  ShadowServiceTest(TestDatabase database) {
    super(database);
  }

  @Test
  void anUpdateIsAcceptedAndToldAndShown() {
    register("t-1");
    assertThat(
            ask(
                "t-1/shadow",
                "update",
                "{\"state\":{\"desired\":{\"on\":true}},\"clientToken\":\"c\"}"))
        .containsExactly(
            "update/accepted {\"state\":{\"desired\":{\"on\":true}},\"metadata\":{\"desired\":"
                + "{\"on\":{\"timestamp\":1700000000}}},\"version\":1,\"timestamp\":1700000000,"
                + "\"clientToken\":\"c\"}",
            "update/delta"
                + " {\"state\":{\"on\":true},\"metadata\":{\"on\":{\"timestamp\":1700000000}},"
                + "\"version\":1,\"timestamp\":1700000000,\"clientToken\":\"c\"}",
            "update/documents {\"previous\":{\"state\":{},\"metadata\":{},\"version\":0},"
                + "\"current\":{\"state\":{\"desired\":{\"on\":true}},\"metadata\":{\"desired\":"
                + "{\"on\":{\"timestamp\":1700000000}}},\"version\":1},\"timestamp\":1700000000,"
                + "\"clientToken\":\"c\"}");
    assertThat(ask("t-1/shadow", "get", ""))
        .containsExactly(
            "get/accepted {\"state\":{\"desired\":{\"on\":true},\"delta\":{\"on\":true}},"
                + "\"metadata\":{\"desired\":{\"on\":{\"timestamp\":1700000000}},\"delta\":"
                + "{\"on\":{\"timestamp\":1700000000}}},\"version\":1,\"timestamp\":1700000000}");
  }

  @Test
  void theWayOfALampInTheDevelopersGuide() {
    register("lamp");
    var shadow = "lamp/shadow";
    // An app desires, the device reports what differs, and then does it.
    update(shadow, "{\"state\":{\"desired\":{\"color\":{\"r\":10},\"engine\":\"ON\"}}}");
    assertThat(ask(shadow, "update", "{\"state\":{\"reported\":{\"color\":{\"r\":10}}}}"))
        .element(1)
        .asString()
        .startsWith("update/delta {\"state\":{\"engine\":\"ON\"},");
    // What is still open is not told again for every report.
    assertThat(ask(shadow, "update", "{\"state\":{\"reported\":{\"temp\":55}}}")).hasSize(2);
    // Who desires again what is open asks again.
    assertThat(ask(shadow, "update", "{\"state\":{\"desired\":{\"engine\":\"ON\"}}}")).hasSize(3);
    assertThat(ask(shadow, "update", "{\"state\":{\"reported\":{\"engine\":\"ON\"}}}")).hasSize(2);
    assertThat(state(shadow))
        .isEqualTo(
            "{\"desired\":{\"color\":{\"r\":10},\"engine\":\"ON\"},"
                + "\"reported\":{\"color\":{\"r\":10},\"temp\":55,\"engine\":\"ON\"}}");
    // The guide's ways to remove: one member, a section, everything.
    update(shadow, "{\"state\":{\"desired\":{\"engine\":null}}}");
    update(shadow, "{\"state\":{\"reported\":{\"color\":\"red\"},\"desired\":null}}");
    assertThat(state(shadow))
        .isEqualTo("{\"reported\":{\"color\":\"red\",\"temp\":55,\"engine\":\"ON\"}}");
    update(shadow, "{\"state\":null}");
    assertThat(ask(shadow, "get", "{\"clientToken\":\"t\"}"))
        .containsExactly(
            "get/accepted {\"state\":{},\"metadata\":{},\"version\":8,"
                + "\"timestamp\":1700000000,\"clientToken\":\"t\"}");
  }

  @Test
  void whoWritesOverAnotherVersionIsRefused() {
    register("t-2");
    var shadow = "t-2/shadow/name/colours";
    // 0: there must be none yet.
    var first = "{\"state\":{\"desired\":{\"colors\":[\"RED\",\"GREEN\"]}},\"version\":0}";
    assertThat(update(shadow, first)).contains("\"version\":1,");
    assertThat(update(shadow, first)).isEqualTo(rejection("update", 409, "Version conflict"));
    var next = "{\"state\":{\"desired\":{\"colors\":[\"BLUE\"]}},\"version\":%d}";
    assertThat(update(shadow, next.formatted(2))).contains("\"code\":409");
    assertThat(update(shadow, next.formatted(1))).contains("\"version\":2,");
    assertThat(state(shadow)).contains("\"desired\":{\"colors\":[\"BLUE\"]}");
    assertThat(ask(shadow, "delete", "{\"version\":1}"))
        .containsExactly(rejection("delete", 409, "Version conflict"));
  }

  @Test
  void whatIsDeletedIsGoneAndItsVersionGoesOn() {
    register("t-3");
    var shadow = "t-3/shadow";
    var document = "{\"state\":{\"desired\":{\"on\":true}}}";
    assertThat(ask(shadow, "get", ""))
        .containsExactly(rejection("get", 404, "No shadow exists with name: 't-3'"));
    assertThat(ask(shadow, "delete", ""))
        .containsExactly(rejection("delete", 404, "No shadow exists with name: 't-3'"));
    assertThat(ask("t-3/shadow/name/n", "get", ""))
        .containsExactly(rejection("get", 404, "No shadow exists with name: 't-3~n'"));
    update(shadow, document);
    update(shadow, document);
    assertThat(ask(shadow, "delete", "{\"clientToken\":\"d\"}"))
        .containsExactly(
            "delete/accepted {\"version\":2,\"timestamp\":1700000000,\"clientToken\":\"d\"}");
    assertThat(ask(shadow, "get", "").getFirst()).contains("\"code\":404");
    assertThat(ask(shadow, "delete", "").getFirst()).contains("\"code\":404");
    // Somebody who does not know of the deletion does not write.
    assertThat(update(shadow, "{\"state\":{},\"version\":2}")).contains("\"code\":409");
    assertThat(ask(shadow, "update", document).getLast())
        .contains("\"previous\":{\"state\":{},\"metadata\":{},\"version\":2}")
        .contains("\"version\":3}");
    ask(shadow, "delete", "");

    // Until it is forgotten.
    sweep(AT.plus(ShadowSettings.REMEMBERED).minusMillis(1));
    assertThat(versions("t-3")).containsExactly(" 3");
    sweep(AT.plus(ShadowSettings.REMEMBERED));
    assertThat(versions("t-3")).isEmpty();
    assertThat(update(shadow, document)).contains("\"version\":1,");
  }

  @Test
  void thingsThatAreNotThereOrRevokedHaveNoShadowToChange() {
    assertThat(update("nobody/shadow", "{\"state\":{}}"))
        .isEqualTo(rejection("update", 404, "Thing not found"));
    assertThat(ask("nobody/shadow", "get", "").getFirst()).contains("Thing not found");
    assertThat(ask("nobody/shadow", "delete", "").getFirst()).contains("Thing not found");
    database.change(
        handle ->
            Principals.insert(
                handle,
                new PrincipalId("a-backend"),
                PrincipalKind.BACKEND,
                "",
                Map.of(),
                Instant.EPOCH));
    assertThat(update("a-backend/shadow", "{\"state\":{}}")).contains("Thing not found");

    register("t-4");
    update("t-4/shadow", "{\"state\":{\"reported\":{\"on\":true}}}");
    database.change(
        handle -> handle.execute("update principal set standing = 'revoked' where id = ?", "t-4"));
    assertThat(update("t-4/shadow", "{\"state\":{}}"))
        .isEqualTo(rejection("update", 403, "Forbidden"));
    assertThat(state("t-4/shadow")).isEqualTo("{\"reported\":{\"on\":true}}");
    assertThat(ask("t-4/shadow", "delete", "").getFirst()).startsWith("delete/accepted");
  }

  @Test
  void aStateIsAtMostAsLongAsItMay() {
    register("t-5");
    // {"desired":{"a":"…"}} without the dots has 20 bytes.
    int most = ShadowSettings.DEFAULTS.documentMax() - 20;
    var document = "{ \"state\": { \"desired\": { \"a\": \"%s\" } } }";
    assertThat(update("t-5/shadow", document.formatted("x".repeat(most + 1))))
        .isEqualTo(rejection("update", 413, "The payload exceeds the maximum size allowed"));
    assertThat(update("t-5/shadow", document.formatted("x".repeat(most))))
        .startsWith("update/accepted");
    // Each is short, both together are too long.
    assertThat(update("t-5/shadow", "{\"state\":{\"reported\":{\"b\":1}}}"))
        .contains("\"code\":413");
    assertThat(update("t-5/shadow/name/other", "{\"state\":{\"reported\":{\"b\":1}}}"))
        .startsWith("update/accepted");
  }

  @Test
  void aThingHasAtMostSoManyNamedShadows() {
    register("t-6");
    var few = new Shadows(new ShadowSettings(1024, 3));
    for (var name : List.of("a", "b", "$package")) {
      assertThat(make(few, name)).isInstanceOf(ShadowAnswer.Accepted.class);
    }
    assertThat(make(few, "c"))
        .isEqualTo(
            new ShadowAnswer.Rejected(
                new ShadowError(403, "Too many named shadows of this thing; maximum is 3"), null));
    assertThat(make(few, "a")).isInstanceOf(ShadowAnswer.Accepted.class);
    assertThat(make(few, ShadowId.CLASSIC)).isInstanceOf(ShadowAnswer.Accepted.class);
    assertThat(page(few, "", 2)).containsExactly("$package", "a");
    assertThat(page(few, "a", 2)).containsExactly("b");

    // Whoever makes and deletes for ever leaves no more behind than that.
    for (int i = 0; i < 10; i++) {
      var name = "made-" + i;
      drop(few, i == 0 ? "b" : "made-" + (i - 1), i);
      assertThat(make(few, name)).as(name).isInstanceOf(ShadowAnswer.Accepted.class);
    }
    assertThat(page(few, "", 9)).containsExactly("$package", "a", "made-9");
    assertThat(versions("t-6"))
        .containsExactlyInAnyOrder(
            " 1", "$package 1", "a 2", "made-9 1", "made-8 1", "made-7 1", "made-6 1");
    // A shadow that was deleted counts when it is made anew.
    assertThat(make(few, "made-8")).isInstanceOf(ShadowAnswer.Rejected.class);
  }
}
