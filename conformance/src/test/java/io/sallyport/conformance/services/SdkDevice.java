package io.sallyport.conformance.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.clients.Inbox;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Patience;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.iot.MqttRequestResponseClientOptions;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.LifecycleEvents;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.packets.ConnectPacket.ConnectPacketBuilder;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;

/** A device that runs the AWS IoT Device SDK for Java, unchanged, over either version of MQTT. */
final class SdkDevice implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  /** The versions of MQTT that the SDK speaks. */
  enum Version {
    V5,
    V3_1_1
  }

  private final String name;
  private final @Nullable Mqtt5Client version5;
  private final @Nullable MqttClientConnection version3;
  private final Inbox<String> events = new Inbox<>();

  private SdkDevice(Endpoint endpoint, Version version) throws Exception {
    name = endpoint.clientId();
    version5 = version == Version.V5 ? version5(endpoint) : null;
    version3 = version == Version.V3_1_1 ? version3(endpoint) : null;
    if (version5 != null) {
      version5.start();
      assertThat(events.next()).isEqualTo("connected");
    }
    if (version3 != null) {
      await(version3.connect());
    }
  }

  static SdkDevice connect(Endpoint endpoint, Version version) throws Exception {
    return new SdkDevice(endpoint, version);
  }

  /** A service client of the SDK over this connection. */
  interface Maker<T> {
    T make(Mqtt5Client connection, MqttRequestResponseClientOptions options);
  }

  /** The same over MQTT 3.1.1. */
  interface Maker3<T> {
    T make(MqttClientConnection connection, MqttRequestResponseClientOptions options);
  }

  <T> T client(Maker<T> of5, Maker3<T> of3) {
    var options =
        MqttRequestResponseClientOptions.builder()
            .withMaxRequestResponseSubscriptions(8)
            .withMaxStreamingSubscriptions(8)
            .withOperationTimeoutSeconds((int) PATIENCE_SECONDS)
            .build();
    if (version5 != null) {
      return of5.make(version5, options);
    }
    if (version3 != null) {
      return of3.make(version3, options);
    }
    throw new IllegalStateException("not connected");
  }

  String name() {
    return name;
  }

  static <T> T await(Future<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private Mqtt5Client version5(Endpoint device) {
    try (var builder =
        AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithMtlsFromPath(
            device.host(),
            device.bundle().certificate().toString(),
            device.bundle().key().toString())) {
      return builder
          .withCertificateAuthorityFromPath(null, device.bundle().ca().toString())
          .withPort((long) device.port())
          .withConnectProperties(
              new ConnectPacketBuilder()
                  .withClientId(device.clientId())
                  .withKeepAliveIntervalSeconds(1200L))
          .withLifeCycleEvents(new Life())
          .build();
    }
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

  @Override
  public void close() {
    if (version5 != null) {
      version5.stop();
      Patience.until("the end of the client", () -> events.next().equals("stopped"));
      version5.close();
    }
    if (version3 != null) {
      try {
        await(version3.disconnect());
      } catch (ExecutionException | TimeoutException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
      version3.close();
    }
  }

  private final class Life implements LifecycleEvents {
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
  }
}
