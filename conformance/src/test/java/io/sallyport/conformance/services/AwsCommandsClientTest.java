package io.sallyport.conformance.services;

import static io.sallyport.conformance.services.SdkDevice.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.clients.Inbox;
import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.services.SdkDevice.Version;
import java.util.HexFormat;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.crt.iot.SubscriptionStatusEvent;
import software.amazon.awssdk.iot.V2ClientStreamOptions;
import software.amazon.awssdk.iot.iotcommands.IotCommandsV2Client;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionEvent;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionStatus;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionsSubscriptionRequest;
import software.amazon.awssdk.iot.iotcommands.model.DeviceType;
import software.amazon.awssdk.iot.iotcommands.model.UpdateCommandExecutionRequest;

/** The commands client of the AWS IoT Device SDK for Java: what it is sent is a signed envelope. */
@ExtendWith(Lab.Resolver.class)
class AwsCommandsClientTest {
  private final Lab lab;

  AwsCommandsClientTest(Lab lab) {
    this.lab = lab;
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void aCommandComesAsItsExecution(Version version) throws Exception {
    try (var device = SdkDevice.connect(lab.device(), version);
        var client =
            device.client(IotCommandsV2Client::newFromMqtt5, IotCommandsV2Client::newFromMqtt311)) {
      var events = new Inbox<CommandExecutionEvent>();
      var standing = new Inbox<SubscriptionStatusEvent>();
      var request = new CommandExecutionsSubscriptionRequest();
      request.deviceType = DeviceType.THING;
      request.deviceId = device.name();
      try (var stream =
          client.createCommandExecutionsCborPayloadStream(
              request,
              V2ClientStreamOptions.<CommandExecutionEvent>builder()
                  .withStreamEventHandler(events)
                  .withSubscriptionEventHandler(standing)
                  .build())) {
        stream.open();
        standing.next();
        lab.product().cli("command", "send", device.name(), "blink", "times=2").expecting(0);

        var event = events.next();
        // COSE_Sign1 with its tag, 18.
        assertThat(HexFormat.of().formatHex(event.payload)).startsWith("d284");

        var update = new UpdateCommandExecutionRequest();
        update.deviceType = DeviceType.THING;
        update.deviceId = device.name();
        update.executionId = event.executionId;
        update.status = CommandExecutionStatus.SUCCEEDED;
        assertThat(await(client.updateCommandExecution(update)).executionId)
            .isEqualTo(event.executionId);
      }
      Patience.until(
          "the end of the command",
          () ->
              lab.product()
                  .cli("command", "list", "--device", device.name(), "--json")
                  .expecting(0)
                  .out()
                  .contains("\"executed\""));
    }
  }
}
