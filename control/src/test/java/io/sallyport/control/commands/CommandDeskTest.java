package io.sallyport.control.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.commands.CommandAnswer.Refused;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.messaging.Request;
import io.sallyport.control.messaging.TopicService.Trouble;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.command.CommandDispatcher.Outcome;
import io.sallyport.identity.command.Keyring;
import io.sallyport.identity.command.Refusal;
import io.sallyport.identity.issuance.EnvelopeKeys;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class CommandDeskTest extends CommandStage {
  CommandDeskTest(TestDatabase database) {
    super(database);
  }

  @Test
  void pendingCommandsDieWithRevocationAndTheReceiptSaysSo() throws Exception {
    var device = device();
    var sent = send(device.id(), "reboot", Map.of(), Duration.ofHours(1));
    send(device.id(), "unlock", Map.of(), Duration.ofHours(1));
    var answer = (Outcome.Answer) device.take(lastTo(device.id()));

    var reply = desk.admin.post("/api/v1/devices/" + device.id() + "/revoke", "{}");

    var steps = reply.json().get("steps");
    var last = steps.get(steps.size() - 1);
    assertThat(last.get("what").asString()).isEqualTo("commands");
    assertThat(last.get("count").asInt()).isEqualTo(2);
    assertThat(now(sent).status()).isEqualTo(CommandStatus.CANCELLED);
    assertThat(now(sent).reason()).isEqualTo("revoked");
    posted.clear();
    desk.clock.advance(Duration.ofMinutes(5));
    service.round();
    assertThat(posted.stream().map(Publication::topic))
        .noneMatch(topic -> topic.contains(device.id().value()));
    assertThat(hears("$aws/events/presence/connected/" + device.id(), text("{}"))).isEmpty();
    says(device.id(), "receipts", device.sign(answer.receipt()));
    assertThat(now(sent).status())
        .as("its key proves nothing now")
        .isEqualTo(CommandStatus.CANCELLED);
    var wish = new Commands.Wish("reboot", Map.of(), null, "admin");
    assertThat(refused(device.id(), wish).reason()).isEqualTo("device-not-active");
  }

  @Test
  void aGroupGetsACommandForEachDevice() throws Exception {
    var one = device();
    var two = device();
    var gone = device();
    var group = "g-" + devices;
    desk.admin.post("/api/v1/groups", "{\"name\":\"" + group + "\"}");
    desk.admin.post(
        "/api/v1/groups/" + group + "/members",
        "{\"principals\":[\"%s\",\"%s\",\"%s\"]}".formatted(one.id(), two.id(), gone.id()));
    desk.admin.post("/api/v1/devices/" + gone.id() + "/revoke", "{}");

    var answer =
        service
            .commands()
            .sendToGroup(
                group, new Commands.Wish("reboot", Map.of(), Duration.ofHours(1), "admin"));

    var sent = (CommandAnswer.SentToGroup) answer;
    assertThat(sent.commands()).isEqualTo(2);
    assertThat(sent.passedOver()).containsExactly(gone.id().value());
    end();
    assertThat(one.take(lastTo(one.id()))).isInstanceOf(Outcome.Answer.class);
    assertThat(one.take(lastTo(two.id())))
        .as("redirected")
        .isEqualTo(
            new Outcome.Silence(
                Refusal.BAD_SIGNATURE, "the key did not sign this for this device"));
    assertThat(one.done).hasSize(1);
    assertThat(service.commands().count(sent.id()))
        .containsEntry(CommandStatus.DELIVERED, 2L)
        .containsEntry(CommandStatus.EXECUTED, 0L);
    begin();
    var nobody =
        service.commands().sendToGroup("none", new Commands.Wish("x", Map.of(), null, "a"));
    assertThat(((Refused) nobody).reason()).isEqualTo("group-unknown");
  }

  @Test
  void rotatedKeysOverlapForDevicesThatKnowBoth() throws Exception {
    var device = device();
    var before = send(device.id(), "reboot");
    var underOld = lastTo(device.id());
    service.commands().keys().rotate("admin");
    var after = send(device.id(), "reboot");

    assertThat(after.keyId()).isNotEqualTo(before.keyId());
    assertThat(after.sequence()).as("a new key has numbers of its own").isZero();
    assertThat(((Outcome.Answer) device.take(lastTo(device.id()))).done()).isTrue();
    assertThat(((Outcome.Answer) device.take(underOld)).done()).isTrue();
    assertThat(service.commands().keys().list())
        .extracting(CommandKeys.Key::standing)
        .startsWith("next", "active", "retired");
    // A device that was made before the key after the next one existed knows it not.
    service.commands().keys().rotate("admin");
    send(device.id(), "reboot");
    assertThat(device.take(lastTo(device.id())))
        .isInstanceOfSatisfying(
            Outcome.Silence.class,
            silence -> assertThat(silence.because()).isEqualTo(Refusal.UNKNOWN_KEY));
  }

  @Test
  void aDeviceThatMissedKeysHearsOfThemFromThoseItKnows() throws Exception {
    var device = device();
    var keys = service.commands().keys();
    var known = ring(keys.forDevices().reversed());
    assertThat(says(device.id(), "challenge", newest(known))).as("nothing was missed").isEmpty();
    for (int i = 0; i < 3; i++) {
      keys.rotate("admin");
    }

    var said = says(device.id(), "challenge", newest(known));

    assertThat(said).hasSize(3);
    for (var publication : said) {
      assertThat(publication.topic()).isEqualTo("devices/" + device.id() + "/commands");
      known = known.hear(publication.payload(), "sallyport").orElseThrow();
    }
    assertThat(known.ids())
        .containsExactlyElementsOf(
            keys.forDevices().reversed().stream().map(CommandKeys.Key::id).toList());
    assertThat(says(device.id(), "challenge", newest(known))).isEmpty();
    assertThat(says(device.id(), "challenge", new byte[32])).as("no key of ours").isEmpty();
    desk.admin.post("/api/v1/devices/" + device.id() + "/revoke", "{}");
    var first = HexFormat.of().parseHex(keys.list().getLast().id().hex());
    assertThat(says(device.id(), "challenge", first)).isEmpty();
  }

  private static Keyring ring(List<CommandKeys.Key> keys) {
    return new Keyring(
        keys.stream()
            .map(
                key ->
                    new Keyring.Member(
                        key.generation(), EnvelopeKeys.publicKey(key.publicKey()), Set.of()))
            .toList());
  }

  private static byte[] newest(Keyring ring) {
    return HexFormat.of().parseHex(ring.newest().id().hex());
  }

  @Test
  void theStockClientsTopicsAreAnswered() throws Exception {
    var device = device();
    var sent = send(device.id(), "reboot");
    var topic = "$aws/commands/things/" + device.id() + "/executions/" + sent.id() + "/response/";

    var working = hears(topic + "json", text("{\"status\":\"IN_PROGRESS\"}"));
    assertThat(working.getFirst().topic()).isEqualTo(topic + "accepted/json");
    assertThat(working.getFirst().payload())
        .asString()
        .isEqualTo("{\"executionId\":\"" + sent.id() + "\"}");
    assertThat(now(sent).status()).isEqualTo(CommandStatus.DELIVERED);
    assertThat(error(hears(topic + "json", text("{\"status\":\"DONE\"}"))))
        .isEqualTo("InvalidRequest");
    assertThat(error(hears(topic + "json", text("{")))).isEqualTo("InvalidJson");
    assertThat(error(hears(topic + "json", new byte[5_000]))).isEqualTo("InvalidRequest");
    var strange = topic.replace(sent.id().hex(), "no-such-execution");
    assertThat(error(hears(strange + "json", text("{}")))).isEqualTo("ResourceNotFound");
    var others = topic.replace(device.id().value(), "always-online");
    assertThat(error(hears(others + "json", text("{}")))).isEqualTo("ResourceNotFound");

    var done =
        hears(
            topic + "json",
            text(
                "{\"status\":\"FAILED\",\"statusReason\":{\"reasonCode\":\"X\",\"reasonDescription\":\"no\"}}"));
    assertThat(done.getFirst().topic()).isEqualTo(topic + "accepted/json");
    assertThat(now(sent).status()).isEqualTo(CommandStatus.FAILED);
    assertThat(now(sent).proof()).isEqualTo("transport");
    assertThat(error(hears(topic + "json", text("{\"status\":\"SUCCEEDED\"}"))))
        .isEqualTo("TerminalStateReached");
    var request = new Request(topic + "json", text("{}"), desk.clock.instant());
    assertThat(error(service.desk().refusal(request, Trouble.BUSY))).isEqualTo("RequestThrottled");
    assertThat(error(service.desk().refusal(request, Trouble.BROKEN))).isEqualTo("InternalError");

    var receipt = ((Outcome.Answer) device.take(lastTo(device.id()))).receipt();
    says(device.id(), "receipts", device.sign(receipt));
    assertThat(now(sent).status())
        .as("what is signed counts more")
        .isEqualTo(CommandStatus.EXECUTED);
  }

  @Test
  void whatNoDeviceMayBeToldIsRefusedAndSoIsTooMuch() throws Exception {
    var device = device();
    assertThat(reason(device, "flash-firmware", "{}", null)).contains("firmware is a signed image");
    assertThat(reason(device, "re boot", "{}", null)).contains("a command's name");
    assertThat(reason(device, "reboot", "{\"a\":1.5}", null)).contains("whole number");
    assertThat(reason(device, "reboot", "{\"a\":9223372036854775808}", null))
        .contains("whole number");
    assertThat(reason(device, "reboot", "{\"a\":[[[[[[1]]]]]]}", null)).contains("levels");
    assertThat(reason(device, "reboot", "{\"a\":\"" + "x".repeat(4096) + "\"}", null))
        .contains("at most 4096 bytes");
    assertThat(reason(device, "reboot", "{}", Duration.ofDays(8))).contains("commands.expires-max");
    assertThat(reason(device, "reboot", "{}", Duration.ZERO)).contains("1 s to");
    var many = JSON.createObjectNode();
    for (int i = 0; i < 33; i++) {
      many.put("a" + i, i);
    }
    assertThat(reason(device, "reboot", many.toString(), null)).contains("at most 32 arguments");
    assertThat(refused(new PrincipalId("nobody"), wish("reboot", "{}", null)).reason())
        .isEqualTo("device-unknown");
    for (int i = 0; i < Commands.OPEN_MAX; i++) {
      send(device.id(), "reboot");
    }
    assertThat(refused(device.id(), wish("reboot", "{}", null)).reason())
        .isEqualTo("too-many-commands");
    assertThat(service.commands().show(random())).isInstanceOf(Refused.class);
    assertThat(service.commands().cancel(random(), "admin")).isInstanceOf(Refused.class);
  }

  @Test
  void withoutASealNothingIsSigned() throws Exception {
    var device = device();
    try (var bare =
        new CommandService(
            desk.database, CommandSettings.DEFAULTS, this, new SecureRandom(), desk.clock)) {
      var answer = (Refused) bare.commands().send(device.id(), wish("reboot", "{}", null));
      assertThat(answer.reason()).isEqualTo("command-key-unavailable");
    }
  }

  @Test
  void everythingGoesByRestToo() throws Exception {
    var device = device();
    var path = "/api/v1/devices/" + device.id() + "/commands";
    var sent =
        desk.admin.post(
            path, "{\"name\":\"reboot\",\"arguments\":{\"delay\":3},\"expiresSeconds\":60}");
    assertThat(sent.status()).isEqualTo(200);
    assertThat(sent.json().get("status").asString()).as("there is no gate").isEqualTo("pending");
    assertThat(sent.json().at("/arguments/delay").asInt()).isEqualTo(3);
    var id = sent.json().get("id").asString();
    assertThat(desk.admin.get("/api/v1/commands/" + id).json().get("envelope").asString())
        .startsWith("0oRY");
    assertThat(desk.admin.get(path).json().get("commands")).hasSize(1);
    assertThat(desk.admin.get("/api/v1/commands?status=pending&limit=1").json().get("commands"))
        .hasSize(1);
    assertThat(desk.admin.get("/api/v1/commands?status=odd").status()).isEqualTo(400);
    assertThat(desk.admin.delete("/api/v1/commands/" + id).json().get("status").asString())
        .isEqualTo("cancelled");
    assertThat(desk.admin.delete("/api/v1/commands/" + id).status()).isEqualTo(409);
    assertThat(desk.admin.get("/api/v1/commands/xyz").status()).isEqualTo(400);
    assertThat(desk.admin.get("/api/v1/group-commands/" + id).status()).isEqualTo(404);
    assertThat(desk.admin.post("/api/v1/groups/none/commands", "{\"name\":\"x\"}").status())
        .isEqualTo(404);
    assertThat(desk.admin.post(path, "{\"arguments\":{}}").status()).isEqualTo(400);
    var keys = desk.admin.get("/api/v1/command-keys").json();
    assertThat(keys.get("tenant").asString()).isEqualTo("sallyport");
    assertThat(desk.admin.post("/api/v1/command-keys/rotate", "{}").json().get("keys"))
        .hasSize(keys.get("keys").size() + 1);
    assertThat(Objects.requireNonNull(desk.admin.text("/metrics")))
        .contains("sallyport_commands{status=\"cancelled\"}")
        .contains("sallyport_command_receipts_total{result=\"disbelieved\"}");
  }
}
