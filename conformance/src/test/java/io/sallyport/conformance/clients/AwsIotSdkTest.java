package io.sallyport.conformance.clients;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.sallyport.conformance.product.Lab;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.crt.mqtt.MqttMessage;
import software.amazon.awssdk.crt.mqtt.QualityOfService;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.PubAckPacket.PubAckReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket.PublishPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.SubAckPacket.SubAckReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket.SubscribePacketBuilder;

/** The AWS IoT Device SDK: a device written for AWS moves over by changing endpoint and CA. */
@ExtendWith(Lab.Resolver.class)
class AwsIotSdkTest {
  private final Lab lab;

  AwsIotSdkTest(Lab lab) {
    this.lab = lab;
  }

  @ParameterizedTest
  @EnumSource(
      value = QOS.class,
      names = {"AT_MOST_ONCE", "AT_LEAST_ONCE"})
  void version5PublishesTelemetry(QOS qos) throws Exception {
    var device = lab.device();
    var topic = "devices/" + device.clientId() + "/telemetry";
    var inbox = new Inbox<Mqtt5Publish>();
    var backend = backend(topic, inbox);

    try (var client = new AwsSdk.Version5(device)) {
      await(client.sdk().publish(message(topic, qos, "21.5")));

      assertThat(inbox.next().getPayloadAsBytes()).isEqualTo("21.5".getBytes(UTF_8));
    }
    await(backend.disconnect());
  }

  @ParameterizedTest
  @EnumSource(
      value = QOS.class,
      names = {"AT_MOST_ONCE", "AT_LEAST_ONCE"})
  void version5ReceivesCommands(QOS qos) throws Exception {
    var device = lab.device();
    var topic = "devices/" + device.clientId() + "/commands";
    var backend = HiveMq.v5(lab.openClient());
    await(backend.connect());

    try (var client = new AwsSdk.Version5(device)) {
      var codes =
          await(
                  client
                      .sdk()
                      .subscribe(
                          new SubscribePacketBuilder()
                              .withSubscription(topic, qos)
                              .withSubscription(
                                  "$aws/things/" + device.clientId() + "/shadow/get/+", qos)
                              .build()))
              .getReasonCodes();
      assertThat(codes)
          .containsOnly(
              qos == QOS.AT_MOST_ONCE
                  ? SubAckReasonCode.GRANTED_QOS_0
                  : SubAckReasonCode.GRANTED_QOS_1);
      await(
          backend
              .publishWith()
              .topic(topic)
              .qos(MqttQos.AT_LEAST_ONCE)
              .payload("open".getBytes(UTF_8))
              .send());

      var received = client.inbox().next();
      assertThat(received.getPayload()).isEqualTo("open".getBytes(UTF_8));
      assertThat(received.getQOS()).isEqualTo(qos);
    }
    await(backend.disconnect());
  }

  @Test
  void version5IsToldWhyItIsDenied() throws Exception {
    try (var client = new AwsSdk.Version5(lab.device())) {
      var puback =
          await(client.sdk().publish(message("devices/other/telemetry", QOS.AT_LEAST_ONCE, "x")))
              .getResultPubAck();

      assertThat(puback.getReasonCode()).isEqualTo(PubAckReasonCode.NOT_AUTHORIZED);
      assertThat(puback.getReasonString()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = QualityOfService.class,
      names = {"AT_MOST_ONCE", "AT_LEAST_ONCE"})
  void version3PublishesTelemetry(QualityOfService qos) throws Exception {
    var device = lab.device();
    var topic = "devices/" + device.clientId() + "/telemetry";
    var inbox = new Inbox<Mqtt5Publish>();
    var backend = backend(topic, inbox);

    try (var client = AwsSdk.version3(device)) {
      await(client.connect());
      await(client.publish(new MqttMessage(topic, "21.5".getBytes(UTF_8), qos)));

      assertThat(inbox.next().getPayloadAsBytes()).isEqualTo("21.5".getBytes(UTF_8));
      await(client.disconnect());
    }
    await(backend.disconnect());
  }

  @ParameterizedTest
  @EnumSource(
      value = QualityOfService.class,
      names = {"AT_MOST_ONCE", "AT_LEAST_ONCE"})
  void version3ReceivesCommands(QualityOfService qos) throws Exception {
    var device = lab.device();
    var topic = "devices/" + device.clientId() + "/commands";
    var backend = HiveMq.v5(lab.openClient());
    await(backend.connect());
    var inbox = new Inbox<MqttMessage>();

    try (var client = AwsSdk.version3(device)) {
      await(client.connect());
      await(client.subscribe(topic, qos, inbox));
      await(
          backend
              .publishWith()
              .topic(topic)
              .qos(MqttQos.AT_LEAST_ONCE)
              .payload("open".getBytes(UTF_8))
              .send());

      assertThat(inbox.next().getPayload()).isEqualTo("open".getBytes(UTF_8));
      await(client.disconnect());
    }
    await(backend.disconnect());
  }

  private Mqtt5AsyncClient backend(String topic, Inbox<Mqtt5Publish> inbox) throws Exception {
    var backend = HiveMq.v5(lab.openClient());
    backend.publishes(MqttGlobalPublishFilter.ALL, inbox);
    await(backend.connect());
    await(backend.subscribeWith().topicFilter(topic).qos(MqttQos.AT_LEAST_ONCE).send());
    return backend;
  }

  private static PublishPacket message(String topic, QOS qos, String text) {
    return new PublishPacketBuilder(topic, qos, text.getBytes(UTF_8)).build();
  }
}
