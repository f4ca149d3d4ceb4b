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
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.command.CommandId;
import io.sallyport.identity.command.Receipt;
import io.sallyport.ledger.EventType;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A desk that commands, and devices that verify. */
@SuppressWarnings("NullAway.Init")
abstract class CommandStage implements Postbox {
  static final JsonMapper JSON = JsonMapper.builder().build();

  static int devices;

  static Desk desk;

  final List<Publication> posted = new CopyOnWriteArrayList<>();

  boolean open = true;

  CommandService service;

  CommandStage(TestDatabase database) {
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

  static Appliance device() throws Exception {
    return Appliance.enrolled(desk, "d-" + ++devices);
  }

  CommandRecord send(PrincipalId device, String name) {
    return send(device, name, Map.of(), null);
  }

  CommandRecord send(
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

  Refused refused(PrincipalId device, Commands.Wish wish) {
    return (Refused) service.commands().send(device, wish);
  }

  CommandRecord now(CommandRecord command) {
    return ((Shown) service.commands().show(command.id())).command();
  }

  List<String> topicsOf(Appliance device) {
    return posted.stream()
        .map(Publication::topic)
        .filter(topic -> topic.contains(device.id() + "/"))
        .toList();
  }

  byte[] lastTo(PrincipalId device) {
    return posted.stream()
        .filter(one -> one.topic().equals("devices/" + device + "/commands"))
        .toList()
        .getLast()
        .payload();
  }

  List<Publication> says(PrincipalId device, String topic, byte[] payload) {
    return hears("devices/" + device + "/commands/" + topic, payload);
  }

  List<Publication> hears(String topic, byte[] payload) {
    var request = new Request(topic, payload, desk.clock.instant());
    return desk.database.write(handle -> service.desk().answer(handle, request));
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static List<EventType> events(PrincipalId subject) {
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

  static Receipt about(Receipt receipt, PrincipalId device, CommandId command) {
    return new Receipt(command, device, receipt.sequence(), receipt.result(), null, null, "", null);
  }

  static CommandId random() {
    var bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return CommandId.of(bytes);
  }

  static String error(List<Publication> answer) {
    return JSON.readTree(answer.getFirst().payload()).get("error").asString();
  }

  String reason(Appliance device, String name, String arguments, @Nullable Duration lifetime) {
    return refused(device.id(), wish(name, arguments, lifetime)).detail();
  }

  static Commands.Wish wish(String name, String json, @Nullable Duration lifetime) {
    var arguments = new java.util.HashMap<String, JsonNode>();
    JSON.readTree(json).properties().forEach(one -> arguments.put(one.getKey(), one.getValue()));
    return new Commands.Wish(name, arguments, lifetime, "admin");
  }
}
