package io.sallyport.conformance.revocation;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.sallyport.conformance.clients.HiveMq;
import io.sallyport.conformance.clients.Inbox;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One call ends everything of a device, and the receipt says what. */
@ExtendWith(Lab.Resolver.class)
class TotalRevocationTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long AN_HOUR = 3600;

  private final Lab lab;

  TotalRevocationTest(Lab lab) {
    this.lab = lab;
  }

  @Test
  void revocationEndsEverythingAndSaysSo() throws Exception {
    var scene = new Scene("revoked");

    var receipt =
        json("device", "revoke", scene.who.clientId(), "--reason", "keyCompromise", "--json");

    assertThat(receipt.path("action").asString()).isEqualTo("revoke");
    assertThat(receipt.path("certificates").size()).isEqualTo(1);
    assertThat(receipt.path("ledgerSequence").asLong()).isPositive();
    scene.sawItAllEnd(receipt);
    assertThat(standing(scene.who)).isEqualTo("revoked");
    assertThat(lab.product().cli("device", "reinstate", scene.who.clientId()).exit()).isEqualTo(1);
    assertThatThrownBy(() -> connected(scene.who));
    lab.product().cli("ledger", "verify").expecting(0);
    scene.leave();
  }

  /** Quarantine takes nothing away for good: what waited for the device waits on. */
  @Test
  void quarantineShutsTheDoorAndReinstatementOpensIt() throws Exception {
    var scene = new Scene("quarantined");

    var receipt = json("device", "quarantine", scene.who.clientId(), "--json");

    assertThat(receipt.path("action").asString()).isEqualTo("quarantine");
    assertThat(scene.ends.next()).isEqualTo("SERVER");
    assertThat(counts(receipt)).containsEntry("sockets", 1).containsKey("tls-tickets");
    assertThat(standing(scene.who)).isEqualTo("quarantined");
    assertThatThrownBy(() -> connected(scene.who));
    publish(scene.writer, scene.topic("will"), "mark");
    assertThat(text(scene.heard.next())).as("no will of a quarantined device").isEqualTo("mark");

    lab.product().cli("device", "reinstate", scene.who.clientId()).expecting(0);

    assertThat(standing(scene.who)).isEqualTo("active");
    var inbox = new Inbox<Mqtt5Publish>();
    var back = HiveMq.v5(scene.who);
    back.publishes(MqttGlobalPublishFilter.ALL, inbox);
    var connack = await(back.connectWith().cleanStart(false).sessionExpiryInterval(AN_HOUR).send());
    assertThat(connack.isSessionPresent()).isTrue();
    assertThat(inbox.next(Scene.WAITING))
        .extracting(TotalRevocationTest::text)
        .containsExactly("n0", "n1", "n2", "n3", "n4");
    publish(back, scene.topic("will"), "glad to be here");
    assertThat(text(scene.heard.next())).isEqualTo("glad to be here");
    await(back.disconnect());
    scene.leave();
  }

  @Test
  void aStrangerCannotBeRevoked() {
    assertThat(lab.product().cli("device", "revoke", "nobody-of-that-name").exit()).isEqualTo(1);
  }

  /** Everything that a device can have at a gate, at once. */
  private final class Scene {
    private static final int KEPT = 3;
    private static final int WINDOW = 2;
    private static final int WAITING = 5;

    final Endpoint who = lab.openClient();
    final Mqtt5AsyncClient writer = connected(lab.openClient());
    final Inbox<Mqtt5Publish> heard = new Inbox<>();
    private final String name;
    private final Inbox<String> ends = new Inbox<>();
    private final Mqtt5AsyncClient heir = HiveMq.v5(lab.openClient());

    Scene(String name) throws Exception {
      this.name = name;
      heir.publishes(MqttGlobalPublishFilter.ALL, heard);
      await(heir.connect());
      subscribe(heir, topic("will"));
      var received = new Inbox<Mqtt5Publish>();
      var device = HiveMq.v5(who, end -> ends.accept(end.getSource().name()));
      device.publishes(MqttGlobalPublishFilter.ALL, received, true);
      await(
          device
              .connectWith()
              .sessionExpiryInterval(AN_HOUR)
              .restrictions()
              .receiveMaximum(WINDOW)
              .applyRestrictions()
              .willPublish()
              .topic(topic("will"))
              .qos(MqttQos.AT_LEAST_ONCE)
              .payload("my will".getBytes(UTF_8))
              .applyWillPublish()
              .send());
      subscribe(device, topic("in"));
      for (var number = 0; number < KEPT; number++) {
        await(
            device
                .publishWith()
                .topic(topic("kept/" + number))
                .qos(MqttQos.AT_LEAST_ONCE)
                .retain(true)
                .payload(new byte[] {1})
                .send());
      }
      for (var number = 0; number < WAITING; number++) {
        publish(writer, topic("in"), "n" + number);
      }
      received.next(WINDOW);
    }

    String topic(String last) {
      return "revocation/" + name + "/" + last;
    }

    void sawItAllEnd(JsonNode receipt) throws Exception {
      assertThat(ends.next()).isEqualTo("SERVER");
      assertThat(counts(receipt))
          .containsEntry("sockets", 1)
          .containsKey("tls-tickets")
          .containsEntry("stored-sessions", 1)
          .containsEntry("subscriptions", 1)
          .containsEntry("queued", WAITING - WINDOW)
          .containsEntry("in-flight", WINDOW)
          .containsEntry("wills", 1)
          .containsEntry("retained", KEPT);
      for (var step : receipt.path("steps")) {
        assertThat(step.path("where").asString()).isNotEmpty();
        assertThat(step.path("ms").isNumber()).isTrue();
      }
      assertThatThrownBy(() -> connected(who));
      var fresh = new Inbox<Mqtt5Publish>();
      var latecomer = HiveMq.v5(lab.openClient());
      latecomer.publishes(MqttGlobalPublishFilter.ALL, fresh);
      await(latecomer.connect());
      subscribe(latecomer, topic("kept/#"));
      publish(writer, topic("kept/mark"), "mark");
      assertThat(text(fresh.next()))
          .as("the first that a fresh subscriber hears")
          .isEqualTo("mark");
      publish(writer, topic("will"), "mark");
      assertThat(text(heard.next())).as("the first that the heir hears").isEqualTo("mark");
      await(latecomer.disconnect());
    }

    void leave() throws Exception {
      await(heir.disconnect());
      await(writer.disconnect());
    }
  }

  private static Map<String, Integer> counts(JsonNode receipt) {
    var counts = new TreeMap<String, Integer>();
    for (var step : receipt.path("steps")) {
      counts.merge(step.path("what").asString(), step.path("count").asInt(), Integer::sum);
    }
    return counts;
  }

  private String standing(Endpoint who) {
    return json("device", "show", who.clientId(), "--json").path("standing").asString();
  }

  private JsonNode json(String... command) {
    return JSON.readTree(lab.product().cli(command).expecting(0).out());
  }

  private static Mqtt5AsyncClient connected(Endpoint who) throws Exception {
    var client = HiveMq.v5(who);
    await(client.connect());
    return client;
  }

  private static void subscribe(Mqtt5AsyncClient client, String filter) throws Exception {
    await(client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send());
  }

  private static void publish(Mqtt5AsyncClient client, String topic, String text) throws Exception {
    await(
        client
            .publishWith()
            .topic(topic)
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(text.getBytes(UTF_8))
            .send());
  }

  private static String text(Mqtt5Publish publish) {
    return new String(publish.getPayloadAsBytes(), UTF_8);
  }
}
