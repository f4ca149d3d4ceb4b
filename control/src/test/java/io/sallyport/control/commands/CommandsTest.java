package io.sallyport.control.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.TestSeal;
import io.sallyport.control.commands.CommandAnswer.Refused;
import io.sallyport.control.commands.CommandAnswer.Shown;
import io.sallyport.control.messaging.Postbox;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.messaging.Request;
import io.sallyport.control.messaging.TopicService.Trouble;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.command.Challenge;
import io.sallyport.identity.command.CommandDispatcher.Outcome;
import io.sallyport.identity.command.CommandId;
import io.sallyport.identity.command.Receipt;
import io.sallyport.identity.command.Refusal;
import io.sallyport.ledger.EventType;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Signed commands at the desk, with devices that verify them. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class CommandsTest implements Postbox {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static int devices;
  private static Desk desk;
  private final List<Publication> posted = new CopyOnWriteArrayList<>();
  private boolean open = true;
  private CommandService service;

  CommandsTest(TestDatabase database) {
    assertThat(database).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void openDesk(TestDatabase database) {
    desk = Desk.open(database);
    desk.control.commands().sealWith(TestSeal::open);
    // Its own courier has no gate to send through: it would only be in the way of the test's.
    desk.control.commands().close();
  }

  @AfterParameterizedClassInvocation
  static void closeDesk() {
    desk.close();
  }

  @BeforeEach
  void begin() {
    service =
        new CommandService(
            desk.database, CommandSettings.DEFAULTS, this, new SecureRandom(), desk.clock);
    service.sealWith(TestSeal::open);
  }

  @AfterEach
  void end() {
    service.close();
  }

  @Override
  public CompletableFuture<Void> post(Publication publication) {
    if (!open) {
      return CompletableFuture.failedFuture(new IllegalStateException("no way"));
    }
    posted.add(publication);
    return CompletableFuture.completedFuture(null);
  }

  private static Appliance device() throws Exception {
    return Appliance.enrolled(desk, "d-" + ++devices);
  }

  private CommandRecord send(PrincipalId device, String name) {
    return send(device, name, Map.of(), null);
  }

  private CommandRecord send(
      PrincipalId device,
      String name,
      Map<String, JsonNode> arguments,
      @Nullable Duration lifetime) {
    var wish = new Commands.Wish(name, arguments, lifetime, "admin");
    if (service.commands().send(device, wish) instanceof Shown(var command)) {
      return command;
    }
    throw new AssertionError("refused");
  }

  private Refused refused(PrincipalId device, Commands.Wish wish) {
    return (Refused) service.commands().send(device, wish);
  }

  private CommandRecord now(CommandRecord command) {
    return ((Shown) service.commands().show(command.id())).command();
  }

  private List<String> topicsOf(Appliance device) {
    return posted.stream()
        .map(Publication::topic)
        .filter(topic -> topic.contains(device.id() + "/"))
        .toList();
  }

  private byte[] lastTo(PrincipalId device) {
    return posted.stream()
        .filter(one -> one.topic().equals("devices/" + device + "/commands"))
        .toList()
        .getLast()
        .payload();
  }

  private List<Publication> says(PrincipalId device, String topic, byte[] payload) {
    return hears("devices/" + device + "/commands/" + topic, payload);
  }

  private List<Publication> hears(String topic, byte[] payload) {
    var request = new Request(topic, payload, desk.clock.instant());
    return desk.database.write(handle -> service.desk().answer(handle, request));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<EventType> events(PrincipalId subject) {
    var types = new ArrayList<EventType>();
    for (long after = 0; ; ) {
      var page = desk.control.ledger().after(after, 1_000);
      if (page.isEmpty()) {
        return types;
      }
      page.stream()
          .filter(one -> one.event().subject().equals(subject.value()))
          .forEach(one -> types.add(one.event().type()));
      after = page.getLast().sequence();
    }
  }

  @Test
  void aCommandIsSignedSentDoneOnceAndAnswered() throws Exception {
    var device = device();
    var arguments = JSON.readTree("{\"delay\":5,\"force\":true,\"list\":[1,\"a\",null]}");
    var wishes =
        Map.of(
            "delay", arguments.get("delay"),
            "force", arguments.get("force"),
            "list", arguments.get("list"));

    var sent = send(device.id(), "reboot", wishes, Duration.ofSeconds(30));

    assertThat(sent.status()).isEqualTo(CommandStatus.DELIVERED);
    assertThat(posted)
        .extracting(Publication::topic)
        .containsExactly(
            "devices/" + device.id() + "/commands",
            "$aws/commands/things/" + device.id() + "/executions/" + sent.id() + "/request/cbor");
    assertThat(posted.get(0).payload()).isEqualTo(posted.get(1).payload());
    var answer = (Outcome.Answer) device.take(posted.get(0).payload());
    assertThat(device.take(posted.get(1).payload()))
        .isEqualTo(new Outcome.Answer(answer.receipt(), false));
    assertThat(device.done).hasSize(1);
    assertThat(device.done.getFirst().arguments()).containsOnlyKeys("delay", "force", "list");

    says(device.id(), "receipts", device.sign(answer.receipt()));

    var known = now(sent);
    assertThat(known.status()).isEqualTo(CommandStatus.EXECUTED);
    assertThat(known.proof()).isEqualTo("device-key");
    assertThat(known.stateHash()).isEqualTo("ab".repeat(32));
    assertThat(events(device.id()))
        .containsSubsequence(EventType.COMMAND_SENT, EventType.COMMAND_ANSWERED);
  }

  @Test
  void numbersGoOnWhateverSendsAndNoneComesTwice() throws Exception {
    var device = device();
    try (var pool = Executors.newFixedThreadPool(4)) {
      var sent =
          IntStream.range(0, 20)
              .mapToObj(_ -> CompletableFuture.supplyAsync(() -> send(device.id(), "reboot"), pool))
              .toList();
      assertThat(sent.stream().map(one -> one.join().sequence()))
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 20).mapToObj(Long::valueOf).toList());
    }
    // Another process on the same registry, begun after this one ended.
    end();
    begin();
    assertThat(send(device.id(), "reboot").sequence()).isEqualTo(20);
    assertThat(send(device().id(), "reboot").sequence()).isZero();
  }

  @Test
  void whatHasNoWayIsSentAgainUntilItHasAndUntilItIsAnswered() throws Exception {
    var device = device();
    open = false;
    var sent = send(device.id(), "reboot", Map.of(), Duration.ofHours(1));
    assertThat(sent.status()).isEqualTo(CommandStatus.PENDING);

    open = true;
    service.round();
    assertThat(topicsOf(device)).as("not yet").isEmpty();
    desk.clock.advance(Duration.ofSeconds(6));
    service.round();
    assertThat(now(sent).status()).isEqualTo(CommandStatus.DELIVERED);

    desk.clock.advance(Duration.ofSeconds(11));
    service.round();
    assertThat(now(sent).attempts()).isEqualTo(3);
    var connected = hears("$aws/events/presence/connected/" + device.id(), text("{}"));
    assertThat(connected).hasSize(1);
    assertThat(connected.getFirst().payload()).isEqualTo(lastTo(device.id()));

    var answer = (Outcome.Answer) device.take(lastTo(device.id()));
    says(device.id(), "receipts", device.sign(answer.receipt()));
    int before = posted.size();
    desk.clock.advance(Duration.ofMinutes(20));
    service.round();
    assertThat(posted.stream().skip(before).map(Publication::topic))
        .noneMatch(topic -> topic.contains(device.id().value()));
    assertThat(hears("$aws/events/presence/connected/" + device.id(), text("{}"))).isEmpty();
  }

  @Test
  void aCommandExpiresAndIsNotSentAfterwards() throws Exception {
    var device = device();
    open = false;
    var sent = send(device.id(), "reboot", Map.of(), Duration.ofSeconds(1));
    open = true;
    desk.clock.advance(Duration.ofSeconds(10));
    service.round();

    assertThat(now(sent).status()).isEqualTo(CommandStatus.EXPIRED);
    assertThat(topicsOf(device)).isEmpty();
  }

  @Test
  void attemptsAreBounded() throws Exception {
    var device = device();
    var sent = send(device.id(), "reboot", Map.of(), Duration.ofDays(6));
    for (int round = 0; round < 40; round++) {
      desk.clock.advance(Duration.ofMinutes(11));
      service.round();
    }
    assertThat(now(sent).attempts()).isEqualTo(Courier.ATTEMPTS_MAX);
  }

  @Test
  void aReceiptOfAnotherOrForgedChangesNothing() throws Exception {
    var device = device();
    var other = device();
    var sent = send(device.id(), "reboot");
    var answer = (Outcome.Answer) device.take(lastTo(device.id()));
    var good = device.sign(answer.receipt());

    says(device.id(), "receipts", other.sign(answer.receipt()));
    says(other.id(), "receipts", good);
    says(other.id(), "receipts", other.sign(about(answer.receipt(), other.id(), sent.id())));
    says(device.id(), "receipts", device.sign(about(answer.receipt(), device.id(), random())));
    says(device.id(), "receipts", lastTo(device.id()));
    says(device.id(), "receipts", new byte[5_000]);
    for (int at = 0; at < good.length; at += 7) {
      var changed = good.clone();
      changed[at] ^= 1;
      says(device.id(), "receipts", changed);
    }

    assertThat(now(sent).status()).isEqualTo(CommandStatus.DELIVERED);
    assertThat(events(device.id())).containsOnlyOnce(EventType.COMMAND_RECEIPT_REFUSED);
    says(device.id(), "receipts", good);
    assertThat(now(sent).status()).isEqualTo(CommandStatus.EXECUTED);
  }

  private static Receipt about(Receipt receipt, PrincipalId device, CommandId command) {
    return new Receipt(command, device, receipt.sequence(), receipt.result(), null, null, "", null);
  }

  private static CommandId random() {
    var bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return CommandId.of(bytes);
  }

  @Test
  void whatADeviceSignedIsNeverChangedAgain() throws Exception {
    var device = device();
    var sent = send(device.id(), "reboot");
    var done = ((Outcome.Answer) device.take(lastTo(device.id()))).receipt();
    service.commands().cancel(sent.id(), "admin");
    assertThat(now(sent).status()).isEqualTo(CommandStatus.CANCELLED);

    says(device.id(), "receipts", device.sign(done));
    assertThat(now(sent).status()).as("it did it all the same").isEqualTo(CommandStatus.EXECUTED);

    var refusal =
        new Receipt(
            sent.id(),
            device.id(),
            done.sequence(),
            Receipt.Result.REFUSED,
            Refusal.EXPIRED,
            null,
            "",
            null);
    says(device.id(), "receipts", device.sign(refusal));
    assertThat(now(sent).status()).isEqualTo(CommandStatus.EXECUTED);
    assertThat(service.commands().cancel(sent.id(), "admin")).isInstanceOf(Refused.class);
  }

  @Test
  void aRefusalIsKeptWithItsReason() throws Exception {
    var device = device();
    var sent = send(device.id(), "format-disk");

    var answer = (Outcome.Answer) device.take(lastTo(device.id()));
    says(device.id(), "receipts", device.sign(answer.receipt()));

    assertThat(device.done).isEmpty();
    assertThat(now(sent).status()).isEqualTo(CommandStatus.REFUSED);
    assertThat(now(sent).reason()).isEqualTo("not-allowed");
  }

  @Test
  void aDeviceWithoutAClockIsSentWhatAnswersItsChallenge() throws Exception {
    var device = device();
    var first = new Challenge("11".repeat(16));
    assertThat(says(device.id(), "challenge", first.bytes())).isEmpty();
    var sent = send(device.id(), "reboot", Map.of(), Duration.ofHours(1));
    assertThat(device.take(lastTo(device.id()), new Challenge("22".repeat(16))))
        .isInstanceOfSatisfying(
            Outcome.Answer.class,
            answer -> assertThat(answer.receipt().refusal()).isEqualTo(Refusal.CHALLENGE));
    assertThat(((Outcome.Answer) device.take(lastTo(device.id()), first)).done()).isTrue();

    posted.clear();
    var waiting = send(device.id(), "reboot", Map.of(), Duration.ofHours(1));
    desk.clock.advance(Duration.ofMinutes(1));
    service.round();
    assertThat(now(waiting).envelope()).isNull();
    assertThat(posted.stream().map(Publication::topic))
        .noneMatch(topic -> topic.contains(waiting.id().hex()));
    var second = new Challenge("33".repeat(16));
    var published = says(device.id(), "challenge", second.bytes());
    assertThat(published).hasSize(2);
    assertThat(((Outcome.Answer) device.take(published.getFirst().payload(), second)).done())
        .isTrue();
    assertThat(device.done).hasSize(2);

    assertThat(says(device.id(), "challenge", second.bytes())).as("signed once").isEmpty();
    assertThat(says(device.id(), "challenge", new byte[15])).isEmpty();
    assertThat(sent.sequence()).isNotEqualTo(now(waiting).sequence());
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

  private static String error(List<Publication> answer) {
    return JSON.readTree(answer.getFirst().payload()).get("error").asString();
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

  private String reason(
      Appliance device, String name, String arguments, @Nullable Duration lifetime) {
    return refused(device.id(), wish(name, arguments, lifetime)).detail();
  }

  private static Commands.Wish wish(String name, String json, @Nullable Duration lifetime) {
    var arguments = new java.util.HashMap<String, JsonNode>();
    JSON.readTree(json).properties().forEach(one -> arguments.put(one.getKey(), one.getValue()));
    return new Commands.Wish(name, arguments, lifetime, "admin");
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
        .contains("sallyport_commands{status=\"cancelled\"}");
  }
}
