package io.sallyport.conformance.services;

import io.sallyport.conformance.clients.AwsSdk;
import io.sallyport.conformance.product.Endpoint;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.iot.MqttRequestResponseClientOptions;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;

/** A device that runs the AWS IoT Device SDK for Java, unchanged, over either version of MQTT. */
final class SdkDevice implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  /** The versions of MQTT that the SDK speaks. */
  enum Version {
    V5,
    V3_1_1
  }

  private final String name;
  private final AwsSdk.@Nullable Version5 version5;
  private final @Nullable MqttClientConnection version3;

  private SdkDevice(Endpoint endpoint, Version version) throws Exception {
    name = endpoint.clientId();
    version5 = version == Version.V5 ? new AwsSdk.Version5(endpoint) : null;
    version3 = version == Version.V3_1_1 ? AwsSdk.version3(endpoint) : null;
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
      return of5.make(version5.sdk(), options);
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

  @Override
  public void close() {
    if (version5 != null) {
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
}
