package io.sallyport.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.OperatorClient.Reply;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.shadow.ShadowCounters;
import io.sallyport.control.shadow.ShadowDesk;
import io.sallyport.control.shadow.ShadowId;
import io.sallyport.control.shadow.ShadowSettings;
import io.sallyport.control.shadow.Shadows;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class ShadowRoutesTest {
  private static final String ON = "{\"state\":{\"desired\":{\"on\":true}}}";

  private static Desk desk;

  ShadowRoutesTest(TestDatabase database) {
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
                handle, new PrincipalId(id), PrincipalKind.DEVICE, "", Map.of(), Instant.EPOCH));
  }

  private static String of(String path) {
    return "/api/v1/devices/" + path;
  }

  private static void assertRefused(Reply reply, int status, String reason, String detail) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.json().get("reason").asString()).isEqualTo(reason);
    assertThat(reply.json().get("detail").asString()).isEqualTo(detail);
  }

  @Test
  void anOperatorChangesLooksAtAndDeletesAShadow() throws Exception {
    register("r-1");
    var changed = desk.admin.post(of("r-1/shadow"), ON);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().at("/state").toString()).isEqualTo("{\"desired\":{\"on\":true}}");
    assertThat(newest()).isEqualTo("shadow-changed admin r-1 {\"shadow\":\"\",\"version\":\"1\"}");

    var shown = desk.admin.get(of("r-1/shadow")).json();
    assertThat(shown.at("/state/delta").toString()).isEqualTo("{\"on\":true}");
    assertThat(shown.at("/version").asInt()).isEqualTo(1);

    assertRefused(
        desk.admin.delete(of("r-1/shadow?version=7")), 409, "version-conflict", "Version conflict");
    var deleted = desk.admin.delete(of("r-1/shadow?version=1"));
    assertThat(deleted.json().at("/version").asInt()).isEqualTo(1);
    assertThat(newest()).isEqualTo("shadow-deleted admin r-1 {\"shadow\":\"\",\"version\":\"1\"}");
    assertRefused(
        desk.admin.get(of("r-1/shadow")),
        404,
        "shadow-unknown",
        "No shadow exists with name: 'r-1'");
  }

  private static String newest() throws Exception {
    var record = desk.admin.get("/api/v1/ledger?last=1").json().get("records").get(0);
    return record.get("type").asString()
        + " "
        + record.get("actor").asString()
        + " "
        + record.get("subject").asString()
        + " "
        + record.get("facts");
  }

  @Test
  void namedShadowsAreListedByPages() throws Exception {
    register("r-2");
    for (var name : new String[] {"b", "a", "$package"}) {
      assertThat(desk.admin.post(of("r-2/shadow?name=" + name), ON).status()).isEqualTo(200);
    }
    desk.admin.post(of("r-2/shadow"), ON);
    var first = desk.admin.get(of("r-2/shadows?limit=2")).json();
    assertThat(first.at("/shadows/0/name").asString()).isEqualTo("$package");
    assertThat(first.at("/shadows/1/name").asString()).isEqualTo("a");
    assertThat(first.at("/next").asString()).isEqualTo("a");
    var second = desk.admin.get(of("r-2/shadows?limit=2&after=a")).json();
    assertThat(second.at("/shadows")).hasSize(1);
    assertThat(second.at("/shadows/0/version").asInt()).isEqualTo(1);
    assertThat(second.at("/next").isNull()).isTrue();
    assertThat(desk.admin.get(of("nobody/shadows")).status()).isEqualTo(404);
  }

  @Test
  void whatCannotBeDoneIsRefusedWithAWordAndASentence() throws Exception {
    register("r-3");
    var shadow = of("r-3/shadow");
    assertRefused(
        desk.admin.post(shadow, "{}"), 400, "malformed-shadow", "Missing required node: state");
    assertRefused(
        desk.admin.post(shadow, "{\"state\":{},\"state\":{}}"),
        400,
        "malformed-shadow",
        "Invalid JSON");
    assertRefused(
        desk.admin.post(shadow, "{\"state\":{},\"version\":4}"),
        409,
        "version-conflict",
        "Version conflict");
    var large = "{\"state\":{\"desired\":{\"a\":\"" + "x".repeat(8192) + "\"}}}";
    assertRefused(
        desk.admin.post(shadow, large),
        413,
        "shadow-too-large",
        "The payload exceeds the maximum size allowed");
    assertThat(desk.admin.post(shadow, "{\"state\":{}}" + " ".repeat(16_384)).status())
        .isEqualTo(413);
    assertRefused(
        desk.admin.post(of("r-3/shadow?name=a.b"), ON), 400, "malformed-name", ShadowId.NAME_IS);
    assertRefused(
        desk.admin.post(of("nobody/shadow"), ON), 404, "shadow-unknown", "Thing not found");
    assertThat(desk.admin.post(of("r-3/revoke"), "{}").status()).isEqualTo(200);
    assertRefused(desk.admin.post(shadow, ON), 403, "shadow-forbidden", "Forbidden");
  }

  @Test
  void whoeverSubscribedHearsOfItAndADeafGateChangesNothing() {
    register("r-4");
    var posted = new ArrayList<String>();
    var deaf =
        new ShadowDesk(
            desk.database,
            new Shadows(ShadowSettings.DEFAULTS),
            new ShadowCounters(),
            publication -> heard(posted, publication),
            desk.clock);
    var id = new ShadowId(new PrincipalId("r-4"), "n");
    deaf.update(id, ON, "somebody");
    deaf.update(id, "{", "somebody");
    deaf.get(id);
    deaf.delete(id, null, "somebody");
    assertThat(posted)
        .containsExactly(
            "$aws/things/r-4/shadow/name/n/update/accepted",
            "$aws/things/r-4/shadow/name/n/update/delta",
            "$aws/things/r-4/shadow/name/n/update/documents",
            "$aws/things/r-4/shadow/name/n/delete/accepted");
  }

  private static CompletableFuture<Void> heard(ArrayList<String> posted, Publication publication) {
    posted.add(publication.topic());
    return CompletableFuture.failedFuture(new IllegalStateException("there is no gate"));
  }

  @Test
  void moreThanOneTransactionIsForgottenInOneSweep() {
    register("r-5");
    desk.database.change(
        handle -> {
          for (int i = 0; i < 1_203; i++) {
            handle.execute(
                "insert into shadow (thing, name, version, state, metadata, changed_at, deleted_at)"
                    + " values ('r-5', ?, 1, '{}', '{}', 0, 0)",
                "n-" + i);
          }
        });
    assertThat(desk.clock.instant()).isAfter(Instant.EPOCH.plus(Duration.ofDays(2)));
    desk.api().shadows().sweep();
    assertThat(
            desk.database.<Integer>read(
                handle ->
                    handle
                        .select("select count(*) from shadow where thing = 'r-5'")
                        .mapTo(Integer.class)
                        .one()))
        .isZero();
  }
}
