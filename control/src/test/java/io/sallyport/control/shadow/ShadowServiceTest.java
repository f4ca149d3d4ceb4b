package io.sallyport.control.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.messaging.Request;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
    service = new ShadowService(shadows);
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
}
