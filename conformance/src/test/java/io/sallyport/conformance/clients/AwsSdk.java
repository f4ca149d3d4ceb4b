package io.sallyport.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Patience;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.LifecycleEvents;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.packets.ConnectPacket.ConnectPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;

/** The AWS IoT Device SDK for Java, as a device that is given another endpoint and CA runs it. */
public final class AwsSdk {
  private AwsSdk() {}

  /** The SDK's client of MQTT 3.1.1, not connected yet. */
  public static MqttClientConnection version3(Endpoint device) {
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
  public static final class Version5 implements AutoCloseable, LifecycleEvents {
    private final Inbox<PublishPacket> inbox = new Inbox<>();
    private final Inbox<String> events = new Inbox<>();
    private final Mqtt5Client sdk;

    /** Connects. */
    public Version5(Endpoint device) throws InterruptedException {
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

    /** The client itself. */
    public Mqtt5Client sdk() {
      return sdk;
    }

    Inbox<PublishPacket> inbox() {
      return inbox;
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
