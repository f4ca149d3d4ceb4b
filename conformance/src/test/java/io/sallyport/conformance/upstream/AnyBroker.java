package io.sallyport.conformance.upstream;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5RetainHandling;
import io.sallyport.conformance.clients.HiveMq;
import io.sallyport.conformance.clients.Inbox;
import io.sallyport.conformance.product.CuttableWire;
import io.sallyport.conformance.product.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every broker behind the gate must show to devices that know only the gate. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AnyBroker {
  private BrokerProcess broker;
  private Gate gate;

  /** Starts the broker over a folder. */
  abstract BrokerProcess start(Path folder, int port, String password);

  /** Whether it does what MQTT 5, 3.3.1-12 asks of Retain As Published. */
  boolean keepsRetainFlag() {
    return true;
  }

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    broker =
        start(
            Files.createDirectory(folder.resolve("broker")),
            BrokerProcess.freePort(),
            Gate.PASSWORD);
    gate =
        new Gate(Files.createDirectory(folder.resolve("gate")), "tcp://127.0.0.1:" + broker.port());
  }

  @AfterAll
  void close() {
    if (gate != null) {
      gate.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void carriesBothWaysAtEachQuality(int qos) throws Exception {
    var desk = Talk.clean(gate.device()).subscribes("both/" + qos + "/up", qos);
    var meter = Talk.clean(gate.device()).subscribes("both/" + qos + "/down", qos);
    for (var number = 0; number < 5; number++) {
      meter.publishes("both/" + qos + "/up", "up" + number, qos, false);
      desk.publishes("both/" + qos + "/down", "down" + number, qos, false);
    }
    for (var number = 0; number < 5; number++) {
      var up = desk.heard.next();
      assertThat(Talk.text(up)).isEqualTo("up" + number);
      assertThat(up.getQos().getCode()).isEqualTo(qos);
      assertThat(meter.next()).isEqualTo("down" + number);
    }
    desk.leaves();
    meter.leaves();
  }

  @Test
  void servesMqtt311() throws Exception {
    var heard = new Inbox<Mqtt3Publish>();
    var who = gate.device();
    var old = HiveMq.v3(who);
    old.publishes(com.hivemq.client.mqtt.MqttGlobalPublishFilter.ALL, heard);
    await(old.connectWith().cleanSession(false).send());
    await(old.subscribeWith().topicFilter("old/#").qos(MqttQos.EXACTLY_ONCE).send());
    await(old.disconnect());
    var writer = Talk.clean(gate.device());
    for (var qos = 1; qos <= 2; qos++) {
      writer.publishes("old/" + qos, "q" + qos, qos, false);
    }
    assertThat(await(old.connectWith().cleanSession(false).send()).isSessionPresent()).isTrue();
    assertThat(heard.next(2))
        .extracting(publish -> new String(publish.getPayloadAsBytes(), UTF_8))
        .containsExactlyInAnyOrder("q1", "q2");
    await(old.disconnect());
    writer.leaves();
  }

  @Test
  void keepsPropertiesAndOptions() throws Exception {
    var writer = Talk.clean(gate.device());
    writer.publishes("options/kept", "old", 1, true);
    var reader = new Talk(gate.device());
    await(reader.client.connect());
    await(
        reader
            .client
            .subscribeWith()
            .addSubscription()
            .topicFilter("options/#")
            .qos(MqttQos.AT_LEAST_ONCE)
            .noLocal(true)
            .retainAsPublished(true)
            .retainHandling(Mqtt5RetainHandling.DO_NOT_SEND)
            .applySubscription()
            .send());
    reader.publishes("options/own", "unheard", 1, false);
    await(
        writer
            .client
            .publishWith()
            .topic("options/new")
            .qos(MqttQos.AT_LEAST_ONCE)
            .retain(true)
            .contentType("text/plain")
            .responseTopic("options/answer")
            .correlationData("c".getBytes(UTF_8))
            .userProperties()
            .add("a", "1")
            .add("a", "2")
            .applyUserProperties()
            .payload("new".getBytes(UTF_8))
            .send());

    var message = reader.heard.next();

    assertThat(Talk.text(message)).as("neither the old nor its own").isEqualTo("new");
    assertThat(message.isRetain()).isEqualTo(keepsRetainFlag());
    assertThat(message.getContentType()).hasToString("Optional[text/plain]");
    assertThat(message.getResponseTopic()).hasToString("Optional[options/answer]");
    assertThat(message.getCorrelationData()).isPresent();
    assertThat(message.getUserProperties().asList())
        .extracting(p -> p.getName() + "=" + p.getValue())
        .containsExactly("a=1", "a=2");
    writer.leaves();
    reader.leaves();
  }

  @Test
  void keepsASessionAndItsOrderWhileTheDeviceIsAway() throws Exception {
    var sleeper = new Talk(gate.device());
    assertThat(sleeper.resume()).isFalse();
    sleeper.subscribes("away/#", 2).leaves();
    var writer = Talk.clean(gate.device());
    for (var number = 0; number < 10; number++) {
      writer.publishes("away/x", "m" + number, 1 + number % 2, false);
    }
    assertThat(sleeper.resume()).isTrue();
    for (var number = 0; number < 10; number++) {
      assertThat(sleeper.next()).isEqualTo("m" + number);
    }
    sleeper.leaves();
    await(sleeper.client.connectWith().cleanStart(true).sessionExpiryInterval(0).send());
    sleeper.leaves();
    assertThat(sleeper.resume()).as("a clean start leaves nothing").isFalse();
    sleeper.leaves();
    writer.leaves();
  }

  @Test
  void keepsTheLastRetainedMessageUntilAnEmptyOne() throws Exception {
    var writer = Talk.clean(gate.device());
    writer.publishes("kept/a", "first", 1, true);
    writer.publishes("kept/a", "last", 1, true);
    var early = Talk.clean(gate.device()).subscribes("kept/#", 1);
    var retained = early.heard.next();
    assertThat(Talk.text(retained)).isEqualTo("last");
    assertThat(retained.isRetain()).isTrue();
    writer.publishes("kept/a", "", 1, true);
    var late = Talk.clean(gate.device()).subscribes("kept/#", 1);
    writer.publishes("kept/b", "mark", 1, false);
    assertThat(late.next()).isEqualTo("mark");
    List.of(writer, early, late).forEach(Talk::goes);
  }

  @Test
  void publishesTheWillOfADeviceThatIsCutOffAndOnlyThen() throws Exception {
    var heir = Talk.clean(gate.device()).subscribes("will/#", 1);
    try (var wire = CuttableWire.to(gate.product().mqttPort())) {
      var dying = new Talk(gate.device().through(wire.port()));
      connectWithWill(dying, "will/cut");
      var polite = new Talk(gate.device());
      connectWithWill(polite, "will/polite");
      polite.leaves();
      wire.cut();
      var will = heir.heard.next();
      assertThat(will.getTopic()).hasToString("will/cut");
      assertThat(will.getUserProperties().asList()).hasSize(1);
    }
    heir.publishes("will/mark", "mark", 1, false);
    assertThat(heir.next()).isEqualTo("mark");
    heir.leaves();
  }

  private static void connectWithWill(Talk talk, String topic) throws Exception {
    await(
        talk.client
            .connectWith()
            .willPublish()
            .topic(topic)
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload("will".getBytes(UTF_8))
            .userProperties()
            .add("of", "will")
            .applyUserProperties()
            .applyWillPublish()
            .send());
  }

  @Test
  void sharesASubscriptionBetweenTwo() throws Exception {
    var first = Talk.clean(gate.device()).subscribes("$share/pair/shared/#", 1);
    var second = Talk.clean(gate.device()).subscribes("$share/pair/shared/#", 1);
    var writer = Talk.clean(gate.device());
    var sent = new HashSet<String>();
    for (var number = 0; number < 40; number++) {
      writer.publishes("shared/" + number % 3, "s" + number, 1, false);
      sent.add("s" + number);
    }
    Patience.until("40 in all", () -> first.heard.size() + second.heard.size() >= 40);
    var heard = new HashSet<String>();
    var shares = List.of(first.heard.size(), second.heard.size());
    for (var message : first.heard.next(shares.get(0))) {
      assertThat(heard.add(Talk.text(message))).isTrue();
    }
    for (var message : second.heard.next(shares.get(1))) {
      assertThat(heard.add(Talk.text(message))).isTrue();
    }
    assertThat(heard).isEqualTo(sent);
    assertThat(shares).allMatch(share -> share > 0);
    List.of(first, second, writer).forEach(Talk::goes);
  }

  @Test
  void givesTheClientIdToWhoComesLast() throws Exception {
    var who = gate.device();
    var first = Talk.clean(who);
    var second = Talk.clean(who);
    assertThat(first.ends.next()).contains("SESSION_TAKEN_OVER");
    second.subscribes("twin", 1);
    second.publishes("twin", "there", 1, false);
    assertThat(second.next()).isEqualTo("there");
    second.leaves();
  }

  @Test
  void revocationLeavesNothingAtTheBroker() throws Exception {
    var heir = Talk.clean(gate.device()).subscribes("bad/will", 1);
    var writer = Talk.clean(gate.device());
    var bad = new Talk(gate.device());
    await(
        bad.client
            .connectWith()
            .sessionExpiryInterval(Talk.AN_HOUR)
            .willPublish()
            .topic("bad/will")
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload("will".getBytes(UTF_8))
            .applyWillPublish()
            .send());
    bad.subscribes("bad/in", 1);
    bad.publishes("bad/kept/1", "x", 1, true);
    bad.publishes("bad/kept/2", "x", 1, true);

    var receipt = counts(revoked(bad));

    assertThat(receipt)
        .containsEntry("sockets", 1)
        .containsEntry("stored-sessions", 1)
        .containsEntry("subscriptions", 1)
        .containsEntry("wills", 1)
        .containsEntry("retained", 2);
    assertThatThrownBy(bad::resume);
    var late = Talk.clean(gate.device()).subscribes("bad/kept/#", 1);
    writer.publishes("bad/kept/mark", "mark", 1, false);
    assertThat(late.next()).as("nothing is retained").isEqualTo("mark");
    writer.publishes("bad/will", "mark", 1, false);
    assertThat(heir.next()).as("no will").isEqualTo("mark");
    List.of(heir, writer, late).forEach(Talk::goes);
  }

  @Test
  void revocationEndsTheSessionOfADeviceThatIsAway() throws Exception {
    var away = new Talk(gate.device());
    away.resumeWhenItIsBack();
    away.subscribes("away2/in", 1).leaves();
    var receipt = counts(revoked(away));
    assertThat(receipt)
        .containsEntry("sockets", 0)
        .containsEntry("stored-sessions", 1)
        .containsEntry("subscriptions", 1);
  }

  private JsonNode revoked(Talk talk) {
    var command = List.of("device", "revoke", talk.who.clientId(), "--json");
    var ran = gate.product().cli(command.toArray(String[]::new)).expecting(0);
    return new JsonMapper().readTree(ran.out());
  }

  private static Map<String, Integer> counts(JsonNode receipt) {
    var counts = new TreeMap<String, Integer>();
    for (var step : receipt.path("steps")) {
      counts.merge(step.path("what").asString(), step.path("count").asInt(), Integer::sum);
    }
    return counts;
  }

  /** All others go on with what is left: each test has devices and topics of its own. */
  @Test
  void nothingAcknowledgedIsLostWhenTheBrokerIsKilled() throws Exception {
    var sleeper = new Talk(gate.device());
    sleeper.resume();
    sleeper.subscribes("plug/#", 2).leaves();
    var meters = List.of(Talk.clean(gate.device()), Talk.clean(gate.device()));
    var streams =
        List.of(
            new Telemetry(meters.getFirst(), "plug/1", 1),
            new Telemetry(meters.getLast(), "plug/2", 2));
    for (var stream : streams) {
      stream.reaches(200);
    }
    broker.kill();
    for (var index = 0; index < 2; index++) {
      assertThat(meters.get(index).ends.next()).as("devices are told").isNotEmpty();
      streams.get(index).close();
    }
    broker.startAgain();

    assertThat(sleeper.resumeWhenItIsBack()).isTrue();

    var expected = new HashSet<String>();
    streams.forEach(stream -> expected.addAll(stream.acknowledged));
    assertThat(expected).hasSizeGreaterThan(400);
    hearsAll(sleeper, expected);
    sleeper.leaves();
  }

  static void hearsAll(Talk reader, Set<String> expected) throws InterruptedException {
    var missing = new HashSet<>(expected);
    while (!missing.isEmpty()) {
      missing.remove(reader.next());
    }
  }
}
