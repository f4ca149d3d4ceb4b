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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** A shadow service over a database, and how it is asked. */
@SuppressWarnings("NullAway.Init")
abstract class ShadowStage {
  static final Instant AT = Instant.ofEpochSecond(1_700_000_000);

  static final @Nullable Long ANY = null;

  static Database database;

  static Shadows shadows;

  static ShadowService service;

  ShadowStage(TestDatabase database) {
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

  static void register(String id) {
    database.change(
        handle ->
            Principals.insert(
                handle, new PrincipalId(id), PrincipalKind.DEVICE, "", Map.of(), Instant.EPOCH));
  }

  /** What is published in answer, each as its topic behind the shadow's and its payload. */
  static List<String> ask(String shadow, String what, String payload) {
    return ask(AT, shadow, what, payload.getBytes(StandardCharsets.UTF_8));
  }

  static List<String> ask(Instant at, String shadow, String what, byte[] payload) {
    var prefix = "$aws/things/" + shadow;
    var request = new Request(prefix + "/" + what, payload, at);
    return database.write(handle -> service.answer(handle, request)).stream()
        .map(publication -> said(prefix, publication))
        .toList();
  }

  static String said(String prefix, Publication publication) {
    assertThat(publication.topic()).startsWith(prefix + "/");
    return publication.topic().substring(prefix.length() + 1)
        + " "
        + new String(publication.payload(), StandardCharsets.UTF_8);
  }

  static String update(String shadow, String document) {
    return ask(shadow, "update", document).getFirst();
  }

  /** What is shown of it: the state alone. */
  static String state(String shadow) {
    var shown = ask(shadow, "get", "").getFirst();
    assertThat(shown).startsWith("get/accepted {\"state\":");
    return shown.substring("get/accepted {\"state\":".length(), shown.indexOf(",\"metadata\""));
  }

  static String rejection(String what, int code, String message) {
    return "%s/rejected {\"code\":%d,\"message\":\"%s\",\"timestamp\":1700000000}"
        .formatted(what, code, message);
  }

  static void sweep(Instant now) {
    boolean all = database.write(handle -> shadows.sweep(handle, now));
    assertThat(all).isTrue();
  }

  static List<String> versions(String thing) {
    return database.read(
        handle ->
            handle
                .select("select name || ' ' || version from shadow where thing = ?", thing)
                .mapTo(String.class)
                .list());
  }

  static ShadowAnswer make(Shadows few, String name) {
    var id = new ShadowId(new PrincipalId("t-6"), name);
    return database.write(
        handle -> few.update(handle, AT, id, "{\"state\":{\"reported\":{\"x\":1}}}"));
  }

  static void drop(Shadows few, String name, int second) {
    var id = new ShadowId(new PrincipalId("t-6"), name);
    var answer = database.write(handle -> few.delete(handle, AT.plusSeconds(second), id, ANY));
    assertThat(answer).isInstanceOf(ShadowAnswer.Accepted.class);
  }

  static List<String> page(Shadows few, String after, int limit) {
    return database
        .read(handle -> few.page(handle, new PrincipalId("t-6"), after, limit))
        .orElseThrow()
        .stream()
        .map(ShadowSummary::name)
        .toList();
  }

  /**
   * Counts one further in a member of its own, and in one of everybody's: read, and written only
   * over what was read.
   */
  static long counted(String member, int value) {
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

  static List<String> topics(ShadowService desk, String thing, String document) {
    var prefix = "$aws/things/" + thing + "/shadow/";
    var request = new Request(prefix + "update", document.getBytes(StandardCharsets.UTF_8), AT);
    return database.write(handle -> desk.answer(handle, request)).stream()
        .map(publication -> publication.topic().substring(prefix.length()))
        .toList();
  }
}
