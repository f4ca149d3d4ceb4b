package io.sallyport.control.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.messaging.Request;
import io.sallyport.control.messaging.TopicService.Trouble;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class ShadowServiceTest {
  private static final Instant AT = Instant.ofEpochSecond(1_700_000_000);

  private static final @Nullable Long ANY = null;

  private static Database database;
  private static Shadows shadows;
  private static ShadowService service;

  ShadowServiceTest(TestDatabase database) {
    assertThat(database).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void open(TestDatabase kind) {
    database = kind.fresh();
    shadows = new Shadows(ShadowSettings.DEFAULTS);
    service = new ShadowService(shadows, new ShadowCounters());
  }

  @AfterParameterizedClassInvocation
  static void close() {
    database.close();
  }

  private static void register(String id) {
    database.change(
        handle ->
            Principals.insert(
                handle, new PrincipalId(id), PrincipalKind.DEVICE, "", Map.of(), Instant.EPOCH));
  }

  /** What is published in answer, each as its topic behind the shadow's and its payload. */
  private static List<String> ask(String shadow, String what, String payload) {
    return ask(AT, shadow, what, payload.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> ask(Instant at, String shadow, String what, byte[] payload) {
    var prefix = "$aws/things/" + shadow;
    var request = new Request(prefix + "/" + what, payload, at);
    return database.write(handle -> service.answer(handle, request)).stream()
        .map(publication -> said(prefix, publication))
        .toList();
  }

  private static String said(String prefix, Publication publication) {
    assertThat(publication.topic()).startsWith(prefix + "/");
    return publication.topic().substring(prefix.length() + 1)
        + " "
        + new String(publication.payload(), StandardCharsets.UTF_8);
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

  private static String update(String shadow, String document) {
    return ask(shadow, "update", document).getFirst();
  }

  /** What is shown of it: the state alone. */
  private static String state(String shadow) {
    var shown = ask(shadow, "get", "").getFirst();
    assertThat(shown).startsWith("get/accepted {\"state\":");
    return shown.substring("get/accepted {\"state\":".length(), shown.indexOf(",\"metadata\""));
  }

  private static String rejection(String what, int code, String message) {
    return "%s/rejected {\"code\":%d,\"message\":\"%s\",\"timestamp\":1700000000}"
        .formatted(what, code, message);
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

  private static void sweep(Instant now) {
    boolean all = database.write(handle -> shadows.sweep(handle, now));
    assertThat(all).isTrue();
  }

  private static List<String> versions(String thing) {
    return database.read(
        handle ->
            handle
                .select("select name || ' ' || version from shadow where thing = ?", thing)
                .mapTo(String.class)
                .list());
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

  private static ShadowAnswer make(Shadows few, String name) {
    var id = new ShadowId(new PrincipalId("t-6"), name);
    return database.write(
        handle -> few.update(handle, AT, id, "{\"state\":{\"reported\":{\"x\":1}}}"));
  }

  private static void drop(Shadows few, String name, int second) {
    var id = new ShadowId(new PrincipalId("t-6"), name);
    var answer = database.write(handle -> few.delete(handle, AT.plusSeconds(second), id, ANY));
    assertThat(answer).isInstanceOf(ShadowAnswer.Accepted.class);
  }

  private static List<String> page(Shadows few, String after, int limit) {
    return database
        .read(handle -> few.page(handle, new PrincipalId("t-6"), after, limit))
        .orElseThrow()
        .stream()
        .map(ShadowSummary::name)
        .toList();
  }

  @Test
  void twoDesksThatWriteAtOnceLoseNothing() throws Exception {
    register("t-7");
    long writers = 4;
    int each = 25;
    var versions = new ConcurrentSkipListSet<Long>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int writer = 0; writer < writers; writer++) {
        var member = "w" + writer;
        all.add(
            pool.submit(
                () -> {
                  for (int i = 1; i <= each; i++) {
                    versions.add(counted(member, i));
                  }
                }));
      }
      for (var one : all) {
        one.get(120, TimeUnit.SECONDS);
      }
    }
    // Every version once, without a gap.
    assertThat(versions).hasSize((int) (writers * each)).first().isEqualTo(1L);
    assertThat(versions.last()).isEqualTo(writers * each);
    assertThat(state("t-7/shadow"))
        .contains("\"w0\":25")
        .contains("\"w1\":25")
        .contains("\"w2\":25")
        .contains("\"w3\":25")
        .contains("\"sum\":" + writers * each);
  }

  /**
   * Counts one further in a member of its own, and in one of everybody's: read, and written only
   * over what was read.
   */
  private static long counted(String member, int value) {
    var id = ShadowId.classic(new PrincipalId("t-7"));
    while (true) {
      var shown = database.read(handle -> shadows.get(handle, AT, id));
      long version = 0;
      long sum = 0;
      if (shown instanceof ShadowAnswer.Accepted accepted) {
        version = accepted.version();
        sum =
            Long.parseLong(
                accepted
                    .response()
                    .at("state", "reported", "sum")
                    .map(SectionTest::json)
                    .orElse("0"));
      }
      var document =
          "{\"state\":{\"reported\":{\"%s\":%d,\"sum\":%d}},\"version\":%d}"
              .formatted(member, value, sum + 1, version);
      var answer = database.write(handle -> shadows.update(handle, AT, id, document));
      if (answer instanceof ShadowAnswer.Accepted accepted) {
        return accepted.version();
      }
      assertThat(answer).isEqualTo(new ShadowAnswer.Rejected(ShadowError.CONFLICT, null));
    }
  }

  @Test
  void writersWhoNameNoVersionNeverFailAndNeverLose() throws Exception {
    register("t-8");
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int writer = 0; writer < 4; writer++) {
        var member = "w" + writer;
        all.add(
            pool.submit(
                () -> {
                  for (int i = 1; i <= 25; i++) {
                    var document = "{\"state\":{\"reported\":{\"" + member + "\":" + i + "}}}";
                    assertThat(update("t-8/shadow", document)).startsWith("update/accepted");
                  }
                }));
      }
      for (var one : all) {
        one.get(120, TimeUnit.SECONDS);
      }
    }
    assertThat(versions("t-8")).containsExactly(" 100");
    assertThat(state("t-8/shadow")).contains("\"w0\":25", "\"w1\":25", "\"w2\":25", "\"w3\":25");
  }

  @Test
  void namedShadowsThatAreMadeAtOnceStayWithinTheirNumber() throws Exception {
    register("t-9");
    var few = new Shadows(new ShadowSettings(1024, 3));
    var made = new LongAdder();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < 12; i++) {
        var id = new ShadowId(new PrincipalId("t-9"), "n-" + i);
        all.add(
            pool.submit(
                () -> {
                  var answer =
                      database.write(handle -> few.update(handle, AT, id, "{\"state\":{}}"));
                  if (answer instanceof ShadowAnswer.Accepted) {
                    made.increment();
                  }
                }));
      }
      for (var one : all) {
        one.get(120, TimeUnit.SECONDS);
      }
    }
    assertThat(made.sum()).isEqualTo(3);
  }

  @Test
  void manyDevicesShareATransactionAndAllOfItIsUndone() {
    register("t-10");
    register("t-11");
    var broken =
        catchThrowable(
            () ->
                database.change(
                    handle -> {
                      for (var thing : List.of("t-10", "t-11")) {
                        var request =
                            new Request(
                                "$aws/things/" + thing + "/shadow/update",
                                "{\"state\":{}}".getBytes(StandardCharsets.UTF_8),
                                AT);
                        assertThat(service.answer(handle, request)).hasSize(2);
                      }
                      throw new IllegalStateException("the process dies");
                    }));
    assertThat(broken).hasMessage("the process dies");
    assertThat(ask("t-10/shadow", "get", "").getFirst()).contains("\"code\":404");
    assertThat(ask("t-11/shadow", "get", "").getFirst()).contains("\"code\":404");
  }

  @Test
  void listenersHearOfReportsInTheSameTransactionAndMayAnswer() {
    register("t-12");
    var heard = new ArrayList<String>();
    var listening = new Shadows(ShadowSettings.DEFAULTS);
    listening.listen(
        (handle, at, id, before, after) -> {
          heard.add(id + " " + SectionTest.json(before) + " " + after.version());
          var asked = after.reported().state().text("rotation", "csr");
          if (asked.isEmpty()) {
            return List.of();
          }
          var document = "{\"state\":{\"desired\":{\"rotation\":{\"pem\":\"signed\"}}}}";
          return ((ShadowAnswer.Accepted) listening.update(handle, at, id, document))
              .publications();
        });
    var desk = new ShadowService(listening, new ShadowCounters());
    assertThat(topics(desk, "t-12", "{\"state\":{\"desired\":{\"a\":1}}}")).hasSize(3);
    assertThat(topics(desk, "t-12", "{\"state\":{\"reported\":{\"a\":1}}}")).hasSize(2);
    assertThat(topics(desk, "t-12", "{\"state\":{\"reported\":{\"rotation\":{\"csr\":\"x\"}}}}"))
        .containsExactly(
            "update/accepted",
            "update/documents",
            "update/accepted",
            "update/delta",
            "update/documents");
    assertThat(heard).containsExactly("t-12 {} 2", "t-12 {\"a\":1} 3");
    assertThat(state("t-12/shadow")).contains("\"rotation\":{\"pem\":\"signed\"}");
    assertThat(versions("t-12")).containsExactly(" 4");
  }

  private static List<String> topics(ShadowService desk, String thing, String document) {
    var prefix = "$aws/things/" + thing + "/shadow/";
    var request = new Request(prefix + "update", document.getBytes(StandardCharsets.UTF_8), AT);
    return database.write(handle -> desk.answer(handle, request)).stream()
        .map(publication -> publication.topic().substring(prefix.length()))
        .toList();
  }

  @Test
  void topicsThatNameNothingAreAnsweredWithNothing() {
    for (var topic :
        List.of(
            "$aws/things/t-1/shadow/update/accepted",
            "$aws/things/t-1/shadow/name//get",
            "$aws/things/t-1/shadow/name/a.b/get",
            "$aws/things/t-1/shadow/name/$other/get",
            "$aws/things/t-1/shadow/name/" + "x".repeat(65) + "/get",
            "$aws/things/t-1/shadow/named/x/get",
            "$aws/things/t-1/shadow/peek",
            "$aws/things/ä/shadow/get",
            "$aws/things//shadow/get",
            "$aws/thing/t-1/shadow/get",
            "aws/things/t-1/shadow/get",
            "$aws/things/t-1/jobs/get",
            "$aws")) {
      var request = new Request(topic, new byte[0], AT);
      List<Publication> answers = database.write(handle -> service.answer(handle, request));
      assertThat(answers).as(topic).isEmpty();
      assertThat(service.refusal(request, Trouble.BUSY)).as(topic).isEmpty();
    }
  }

  @Test
  void whatIsNotWorkedOnIsRefusedInAwsIotsWords() {
    var token = "{\"clientToken\":\"t\"}".getBytes(StandardCharsets.UTF_8);
    var update = new Request("$aws/things/t-1/shadow/name/n/update", token, AT);
    assertThat(service.refusal(update, Trouble.BUSY))
        .singleElement()
        .satisfies(
            publication -> {
              assertThat(publication.topic())
                  .isEqualTo("$aws/things/t-1/shadow/name/n/update/rejected");
              assertThat(publication.payload())
                  .asString(StandardCharsets.UTF_8)
                  .isEqualTo(
                      "{\"code\":429,\"message\":\"Too many requests\","
                          + "\"timestamp\":1700000000,\"clientToken\":\"t\"}");
            });
    var get = new Request("$aws/things/t-1/shadow/get", new byte[] {'{'}, AT);
    assertThat(service.refusal(get, Trouble.BROKEN).getFirst().payload())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "{\"code\":500,\"message\":\"Internal service failure\",\"timestamp\":1700000000}");
    assertThat(ask("t-1/shadow", "get", "["))
        .containsExactly(rejection("get", 400, "Invalid JSON"));
    assertThat(ask("t-1/shadow", "delete", "x"))
        .containsExactly(rejection("delete", 400, "Invalid JSON"));
    assertThat(service.filters())
        .containsExactlyInAnyOrder(
            "$aws/things/+/shadow/get",
            "$aws/things/+/shadow/update",
            "$aws/things/+/shadow/delete",
            "$aws/things/+/shadow/name/+/get",
            "$aws/things/+/shadow/name/+/update",
            "$aws/things/+/shadow/name/+/delete");
  }

  @Test
  void requestsAreCountedByWhatBecameOfThem() {
    register("t-13");
    var counters = new ShadowCounters();
    var counted = new ShadowService(shadows, counters);
    for (var document : List.of("{\"state\":{}}", "{\"state\":{},\"version\":7}", "{")) {
      topics(counted, "t-13", document);
    }
    var get = new Request("$aws/things/t-13/shadow/get", new byte[0], AT);
    assertThat(counted.refusal(get, Trouble.BUSY)).hasSize(1);
    var found = new TreeMap<String, Double>();
    counters.collect(
        metric -> {
          if (metric.value() > 0) {
            found.put(
                metric.labels().get("operation") + " " + metric.labels().get("outcome"),
                metric.value());
          }
        });
    assertThat(found)
        .isEqualTo(
            Map.of(
                "update accepted",
                1.0,
                "update conflict",
                1.0,
                "update rejected",
                1.0,
                "get failed",
                1.0));
  }
}
