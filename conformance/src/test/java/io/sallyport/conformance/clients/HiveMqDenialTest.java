package io.sallyport.conformance.clients;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubRecException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.pubrec.Mqtt5PubRecReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the HiveMQ client with MQTT 5 is told when its policy does not allow something. */
@ExtendWith(Lab.Resolver.class)
class HiveMqDenialTest {
  private final Lab lab;

  HiveMqDenialTest(Lab lab) {
    this.lab = lab;
  }

  @Test
  void saysWhyAPublishIsDenied() throws Exception {
    var device = connected(lab.device());

    assertThatThrownBy(() -> publish(device, "devices/other/telemetry", "x", MqttQos.AT_LEAST_ONCE))
        .asInstanceOf(type(Mqtt5PubAckException.class))
        .extracting(Mqtt5PubAckException::getMqttMessage)
        .satisfies(
            puback -> {
              assertThat(puback.getReasonCode()).isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
              assertThat(puback.getReasonString().map(Object::toString)).isNotEmpty();
            });
    assertThatThrownBy(() -> publish(device, "devices/other/telemetry", "x", MqttQos.EXACTLY_ONCE))
        .asInstanceOf(type(Mqtt5PubRecException.class))
        .extracting(Mqtt5PubRecException::getMqttMessage)
        .satisfies(
            pubrec -> {
              assertThat(pubrec.getReasonCode()).isEqualTo(Mqtt5PubRecReasonCode.NOT_AUTHORIZED);
              assertThat(pubrec.getReasonString().map(Object::toString)).isNotEmpty();
            });
    leave(device);
  }

  @Test
  void deniesRetainWithoutTheRight() throws Exception {
    var who = lab.device();
    var device = connected(who);

    assertThatThrownBy(
            () ->
                await(
                    device
                        .publishWith()
                        .topic("devices/" + who.clientId() + "/telemetry")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .retain(true)
                        .payload(new byte[] {1})
                        .send()))
        .isInstanceOf(Mqtt5PubAckException.class);
    leave(device);
  }

  @Test
  void cutsDeniedFiltersOutAndGrantsTheRestInOrder() throws Exception {
    var who = lab.device();
    var device = connected(who);

    assertThatThrownBy(
            () ->
                await(
                    device
                        .subscribeWith()
                        .addSubscription()
                        .topicFilter("#")
                        .applySubscription()
                        .addSubscription()
                        .topicFilter("devices/" + who.clientId() + "/commands")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .applySubscription()
                        .addSubscription()
                        .topicFilter("devices/other/commands")
                        .applySubscription()
                        .send()))
        .asInstanceOf(type(Mqtt5SubAckException.class))
        .extracting(refusal -> refusal.getMqttMessage().getReasonCodes())
        .isEqualTo(
            List.of(
                Mqtt5SubAckReasonCode.NOT_AUTHORIZED,
                Mqtt5SubAckReasonCode.GRANTED_QOS_1,
                Mqtt5SubAckReasonCode.NOT_AUTHORIZED));
    leave(device);
  }

  @Test
  void refusesAWillOnAForbiddenTopic() {
    var device = HiveMq.v5(lab.device());

    assertThatThrownBy(
            () ->
                await(
                    device
                        .connectWith()
                        .willPublish()
                        .topic("devices/other/telemetry")
                        .payload(new byte[] {1})
                        .applyWillPublish()
                        .send()))
        .asInstanceOf(type(Mqtt5ConnAckException.class))
        .extracting(refusal -> refusal.getMqttMessage().getReasonCode())
        .isEqualTo(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED);
  }

  @Test
  void refusesTheClientIdOfAnotherDevice() {
    var device = lab.device();
    var other = lab.device();
    var impostor =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier(other.clientId())
            .serverHost(device.host())
            .serverPort(device.port())
            .sslConfig(HiveMq.tls(device))
            .buildAsync();

    assertThatThrownBy(() -> await(impostor.connect()))
        .asInstanceOf(type(Mqtt5ConnAckException.class))
        .extracting(refusal -> refusal.getMqttMessage().getReasonCode())
        .isEqualTo(Mqtt5ConnAckReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
  }

  private static Mqtt5AsyncClient connected(Endpoint who) throws Exception {
    var client = HiveMq.v5(who);
    await(client.connect());
    return client;
  }

  private static void publish(Mqtt5AsyncClient client, String topic, String text, MqttQos qos)
      throws Exception {
    var result =
        await(client.publishWith().topic(topic).qos(qos).payload(text.getBytes(UTF_8)).send());
    assertThat(result.getError()).isEqualTo(Optional.empty());
  }

  private static void leave(Mqtt5AsyncClient client) throws Exception {
    await(client.disconnect());
  }
}
