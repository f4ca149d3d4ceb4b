package io.sallyport.conformance.clients;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.MqttSessionExpiredException;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import io.sallyport.conformance.product.CuttableWire;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The HiveMQ client with MQTT 3.1.1. */
@ExtendWith(Lab.Resolver.class)
class HiveMqVersion3Test {
  private final Lab lab;

  HiveMqVersion3Test(Lab lab) {
    this.lab = lab;
  }

  @ParameterizedTest
  @EnumSource(MqttQos.class)
  void deliversAtEveryQos(MqttQos qos) throws Exception {
    var topic = "hive3/qos/" + qos;
    var inbox = new Inbox<Mqtt3Publish>();
    var reader = connected(lab.openClient(), inbox);
    var writer = connected(lab.openClient(), new Inbox<>());
    subscribe(reader, topic, qos);

    for (var number = 0; number < 50; number++) {
      publish(writer, topic, "n" + number, qos);
    }

    var received = inbox.next(50);
    for (var number = 0; number < 50; number++) {
      assertThat(text(received.get(number))).isEqualTo("n" + number);
      assertThat(received.get(number).getQos()).isEqualTo(qos);
    }
    leave(reader, writer);
  }

  @Test
  void keepsARetainedMessageUntilItIsCleared() throws Exception {
    var writer = connected(lab.openClient(), new Inbox<>());
    await(
        writer
            .publishWith()
            .topic("hive3/kept")
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload("1".getBytes(UTF_8))
            .retain(true)
            .send());
    var inbox = new Inbox<Mqtt3Publish>();
    var reader = connected(lab.openClient(), inbox);
    subscribe(reader, "hive3/kept", MqttQos.AT_LEAST_ONCE);
    assertThat(inbox.next()).matches(Mqtt3Publish::isRetain, "has RETAIN set");

    await(writer.publishWith().topic("hive3/kept").retain(true).qos(MqttQos.AT_LEAST_ONCE).send());
    var late = new Inbox<Mqtt3Publish>();
    var latecomer = connected(lab.openClient(), late);
    subscribe(latecomer, "hive3/+", MqttQos.AT_LEAST_ONCE);
    publish(writer, "hive3/mark", "mark", MqttQos.AT_LEAST_ONCE);
    assertThat(text(late.next())).isEqualTo("mark");
    leave(reader, writer, latecomer);
  }

  @ParameterizedTest
  @EnumSource(
      value = MqttQos.class,
      names = {"AT_LEAST_ONCE", "EXACTLY_ONCE"})
  void resumesASessionWhoseSocketDropped(MqttQos qos) throws Exception {
    var topic = "hive3/resumed/" + qos;
    var sleeper = lab.openClient();
    try (var wire = CuttableWire.to(sleeper.port())) {
      var first = HiveMq.v3(sleeper.through(wire.port()));
      await(first.connectWith().cleanSession(false).send());
      subscribe(first, topic, qos);
      wire.cut();
    }
    var writer = connected(lab.openClient(), new Inbox<>());
    for (var number = 0; number < 20; number++) {
      publish(writer, topic, "n" + number, qos);
    }

    var inbox = new Inbox<Mqtt3Publish>();
    var second = HiveMq.v3(sleeper);
    second.publishes(MqttGlobalPublishFilter.ALL, inbox);
    var connack = await(second.connectWith().cleanSession(false).send());

    assertThat(connack.isSessionPresent()).isTrue();
    assertThat(inbox.next(20))
        .extracting(HiveMqVersion3Test::text)
        .startsWith("n0")
        .endsWith("n19");
    leave(second, writer);
  }

  @Test
  void publishesTheWillOfADroppedSocketAndNotOfADisconnect() throws Exception {
    var inbox = new Inbox<Mqtt3Publish>();
    var heir = connected(lab.openClient(), inbox);
    subscribe(heir, "hive3/will", MqttQos.AT_LEAST_ONCE);
    var leaving = lab.openClient();
    var dying = lab.openClient();

    leave(connectWithWill(leaving, "never"));
    try (var wire = CuttableWire.to(dying.port())) {
      connectWithWill(dying.through(wire.port()), "gone");
      wire.cut();
    }

    assertThat(text(inbox.next())).isEqualTo("gone");
    leave(heir);
  }

  /** MQTT 3.1.1 has no word for a denied PUBLISH, so the connection ends, as at AWS. */
  @Test
  void endsTheConnectionAtADeniedPublish() throws Exception {
    var inbox = new Inbox<Mqtt3Publish>();
    var reader = connected(lab.openClient(), inbox);
    subscribe(reader, "devices/+/telemetry", MqttQos.AT_LEAST_ONCE);
    var who = lab.device();
    var forger = connected(who, new Inbox<>());

    assertThatThrownBy(
            () -> publish(forger, "devices/nobody/telemetry", "forged", MqttQos.AT_LEAST_ONCE))
        .isInstanceOf(MqttSessionExpiredException.class);
    var device = connected(who, new Inbox<>());
    publish(device, "devices/" + who.clientId() + "/telemetry", "own", MqttQos.AT_LEAST_ONCE);

    assertThat(inbox.next().getTopic().toString()).contains(who.clientId());
    leave(device, reader);
  }

  @Test
  void refusesAFilterThatReachesFurtherThanTheDevice() throws Exception {
    var device = connected(lab.device(), new Inbox<>());

    assertThatThrownBy(() -> subscribe(device, "#", MqttQos.AT_LEAST_ONCE))
        .isInstanceOf(Mqtt3SubAckException.class);
    leave(device);
  }

  @Test
  void refusesAWillOnAForbiddenTopic() {
    assertThatThrownBy(() -> connectWithWill(lab.device(), "forged"))
        .isInstanceOf(Mqtt3ConnAckException.class);
  }

  @Test
  void closesTheOldConnectionAtATakeover() throws Exception {
    var who = lab.openClient();
    var causes = new Inbox<String>();
    var first =
        MqttClient.builder()
            .useMqttVersion3()
            .identifier(who.clientId())
            .serverHost(who.host())
            .serverPort(who.port())
            .sslConfig(HiveMq.tls(who))
            .addDisconnectedListener(context -> causes.accept(context.getSource().name()))
            .buildAsync();
    await(first.connect());

    var second = connected(who, new Inbox<>());

    assertThat(causes.next()).isEqualTo("SERVER");
    leave(second);
  }

  private static Mqtt3AsyncClient connectWithWill(Endpoint who, String payload) throws Exception {
    var client = HiveMq.v3(who);
    await(
        client
            .connectWith()
            .willPublish()
            .topic("hive3/will")
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(payload.getBytes(UTF_8))
            .applyWillPublish()
            .send());
    return client;
  }

  private static Mqtt3AsyncClient connected(Endpoint who, Inbox<Mqtt3Publish> inbox)
      throws Exception {
    var client = HiveMq.v3(who);
    client.publishes(MqttGlobalPublishFilter.ALL, inbox);
    await(client.connect());
    return client;
  }

  private static void subscribe(Mqtt3AsyncClient client, String filter, MqttQos qos)
      throws Exception {
    await(client.subscribeWith().topicFilter(filter).qos(qos).send());
  }

  private static void publish(Mqtt3AsyncClient client, String topic, String text, MqttQos qos)
      throws Exception {
    await(client.publishWith().topic(topic).qos(qos).payload(text.getBytes(UTF_8)).send());
  }

  private static void leave(Mqtt3AsyncClient... clients) throws Exception {
    for (var client : clients) {
      await(client.disconnect());
    }
  }

  private static String text(Mqtt3Publish publish) {
    return new String(publish.getPayloadAsBytes(), UTF_8);
  }
}
