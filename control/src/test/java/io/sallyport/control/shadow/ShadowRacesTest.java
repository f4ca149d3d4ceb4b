package io.sallyport.control.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.messaging.Request;
import io.sallyport.control.messaging.TopicService.Trouble;
import io.sallyport.identity.PrincipalId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class ShadowRacesTest extends ShadowStage {
  ShadowRacesTest(TestDatabase database) {
    super(database);
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
