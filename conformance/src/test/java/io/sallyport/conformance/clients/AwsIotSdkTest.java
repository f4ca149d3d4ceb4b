package io.sallyport.conformance.clients;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.product.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt.MqttMessage;
import software.amazon.awssdk.crt.mqtt.QualityOfService;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.LifecycleEvents;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.ConnectPacket.ConnectPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.PubAckPacket.PubAckReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket.PublishPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.SubAckPacket.SubAckReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket.SubscribePacketBuilder;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;

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

    try (var client = new Version5(device)) {
      await(client.sdk.publish(message(topic, qos, "21.5")));

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

    try (var client = new Version5(device)) {
      var codes =
          await(
                  client.sdk.subscribe(
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

      var received = client.inbox.next();
      assertThat(received.getPayload()).isEqualTo("open".getBytes(UTF_8));
      assertThat(received.getQOS()).isEqualTo(qos);
    }
    await(backend.disconnect());
  }

  @Test
  void version5IsToldWhyItIsDenied() throws Exception {
    try (var client = new Version5(lab.device())) {
      var puback =
          await(client.sdk.publish(message("devices/other/telemetry", QOS.AT_LEAST_ONCE, "x")))
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

    try (var client = version3(device)) {
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

    try (var client = version3(device)) {
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

  private static MqttClientConnection version3(Endpoint device) {
    try (var builder =
        AwsIotMqttConnectionBuilder.newMtlsBuilderFromPath(
            device.bundle().certificate().toString(), device.bundle().key().toString())) {
      return builder
          .withCertificateAuthorityFromPath(null, device.bundle().ca().toString())
          .withEndpoint(device.host())
          .withPort(device.port())
          .withClientId(device.clientId())
          .withCleanSession(true)
          .build();
    }
  }

  /** The SDK's MQTT 5 client, connected, with what it was told. */
  private static final class Version5 implements AutoCloseable, LifecycleEvents {
    private final Inbox<PublishPacket> inbox = new Inbox<>();
    private final Inbox<String> events = new Inbox<>();
    private final Mqtt5Client sdk;

    Version5(Endpoint device) throws InterruptedException {
      try (var builder =
          AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithMtlsFromPath(
              device.host(),
              device.bundle().certificate().toString(),
              device.bundle().key().toString())) {
        sdk =
            builder
                .withCertificateAuthorityFromPath(null, device.bundle().ca().toString())
                .withPort((long) device.port())
                .withConnectProperties(
                    new ConnectPacketBuilder()
                        .withClientId(device.clientId())
                        .withKeepAliveIntervalSeconds(1200L))
                .withLifeCycleEvents(this)
                .withPublishEvents((_, message) -> inbox.accept(message.getPublishPacket()))
                .build();
      }
      sdk.start();
      assertThat(events.next()).isEqualTo("connected");
    }

    @Override
    public void onAttemptingConnect(Mqtt5Client client, OnAttemptingConnectReturn event) {}

    @Override
    public void onConnectionSuccess(Mqtt5Client client, OnConnectionSuccessReturn event) {
      events.accept("connected");
    }

    @Override
    public void onConnectionFailure(Mqtt5Client client, OnConnectionFailureReturn event) {
      events.accept("refused with " + event.getErrorCode());
    }

    @Override
    public void onDisconnection(Mqtt5Client client, OnDisconnectionReturn event) {}

    @Override
    public void onStopped(Mqtt5Client client, OnStoppedReturn event) {
      events.accept("stopped");
    }

    @Override
    public void close() {
      sdk.stop();
      Patience.until("the end of the client", () -> events.next().equals("stopped"));
      sdk.close();
    }
  }
}
