package io.sallyport.conformance.services;

import static io.sallyport.conformance.services.SdkDevice.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.conformance.clients.Inbox;
import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.services.SdkDevice.Version;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.crt.iot.SubscriptionStatusEvent;
import software.amazon.awssdk.crt.iot.SubscriptionStatusEventType;
import software.amazon.awssdk.iot.V2ClientStreamOptions;
import software.amazon.awssdk.iot.iotshadow.IotShadowV2Client;
import software.amazon.awssdk.iot.iotshadow.model.DeleteShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.GetNamedShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.GetShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.ShadowDeltaUpdatedEvent;
import software.amazon.awssdk.iot.iotshadow.model.ShadowDeltaUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.ShadowState;
import software.amazon.awssdk.iot.iotshadow.model.ShadowUpdatedEvent;
import software.amazon.awssdk.iot.iotshadow.model.ShadowUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.UpdateNamedShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.UpdateShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.V2ErrorResponseException;

/** The shadow client of the AWS IoT Device SDK for Java, over both versions of MQTT. */
@ExtendWith(Lab.Resolver.class)
class AwsShadowClientTest {
  private final Lab lab;

  AwsShadowClientTest(Lab lab) {
    this.lab = lab;
  }

  private static IotShadowV2Client shadow(SdkDevice device) {
    return device.client(IotShadowV2Client::newFromMqtt5, IotShadowV2Client::newFromMqtt311);
  }

  private static UpdateShadowRequest update(SdkDevice device, ShadowState state) {
    var request = new UpdateShadowRequest();
    request.thingName = device.name();
    request.state = state;
    return request;
  }

  private static GetShadowRequest get(SdkDevice device) {
    var request = new GetShadowRequest();
    request.thingName = device.name();
    return request;
  }

  private static ShadowState reported(String name, Object value) {
    var state = new ShadowState();
    state.reported = new HashMap<>(Map.of(name, value));
    return state;
  }

  private static void isRefused(int code, ThrowingRunnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            V2ErrorResponseException.class,
            refused -> assertThat(refused.getModeledError().code).isEqualTo(code));
  }

  private interface ThrowingRunnable {
    void run() throws Exception;
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void aShadowIsMadeReadAndForgotten(Version version) throws Exception {
    try (var device = SdkDevice.connect(lab.device(), version);
        var client = shadow(device)) {
      isRefused(404, () -> await(client.getShadow(get(device))));

      var made = await(client.updateShadow(update(device, reported("color", "red"))));
      assertThat(made.version).isEqualTo(1);
      assertThat(made.state.reported).containsEntry("color", "red");
      assertThat(made.metadata.reported).containsKey("color");

      var read = await(client.getShadow(get(device)));
      assertThat(read.state.reported).containsEntry("color", "red");
      assertThat(read.state.delta).isNull();

      var conflict = update(device, reported("color", "blue"));
      conflict.version = 7;
      isRefused(409, () -> await(client.updateShadow(conflict)));

      var deletion = new DeleteShadowRequest();
      deletion.thingName = device.name();
      await(client.deleteShadow(deletion));
      isRefused(404, () -> await(client.getShadow(get(device))));
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void namedShadowsAreApart(Version version) throws Exception {
    try (var device = SdkDevice.connect(lab.device(), version);
        var client = shadow(device)) {
      var request = new UpdateNamedShadowRequest();
      request.thingName = device.name();
      request.shadowName = "network";
      request.state = reported("rssi", -60);
      assertThat(await(client.updateNamedShadow(request)).version).isEqualTo(1);
      var get = new GetNamedShadowRequest();
      get.thingName = device.name();
      get.shadowName = "network";
      assertThat(await(client.getNamedShadow(get)).state.reported).containsKey("rssi");
      isRefused(404, () -> await(client.getShadow(get(device))));
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void whatAnOperatorWantsReachesTheDevice(Version version) throws Exception {
    try (var device = SdkDevice.connect(lab.device(), version);
        var client = shadow(device)) {
      await(client.updateShadow(update(device, reported("interval", 60))));
      var deltas = new Inbox<ShadowDeltaUpdatedEvent>();
      var documents = new Inbox<ShadowUpdatedEvent>();
      var standing = new Inbox<SubscriptionStatusEvent>();
      var delta = new ShadowDeltaUpdatedSubscriptionRequest();
      delta.thingName = device.name();
      var documented = new ShadowUpdatedSubscriptionRequest();
      documented.thingName = device.name();
      try (var changes =
              client.createShadowDeltaUpdatedStream(
                  delta,
                  V2ClientStreamOptions.<ShadowDeltaUpdatedEvent>builder()
                      .withStreamEventHandler(deltas)
                      .withSubscriptionEventHandler(standing)
                      .build());
          var whole =
              client.createShadowUpdatedStream(
                  documented,
                  V2ClientStreamOptions.<ShadowUpdatedEvent>builder()
                      .withStreamEventHandler(documents)
                      .withSubscriptionEventHandler(standing)
                      .build())) {
        changes.open();
        whole.open();
        for (int i = 0; i < 2; i++) {
          assertThat(standing.next().getType())
              .isEqualTo(SubscriptionStatusEventType.SUBSCRIPTION_ESTABLISHED);
        }

        lab.product()
            .cli("shadow", "update", device.name(), "{\"state\":{\"desired\":{\"interval\":10}}}")
            .expecting(0);

        assertThat(deltas.next().state.toString()).contains("interval").contains("10");
        assertThat(documents.next().current.version).isEqualTo(2);
        var shown = lab.product().cli("shadow", "get", device.name(), "--json").expecting(0);
        assertThat(shown.out()).contains("\"delta\"");

        await(client.updateShadow(update(device, reported("interval", 10))));
        assertThat(await(client.getShadow(get(device))).state.delta).isNull();
      }
    }
  }
}
