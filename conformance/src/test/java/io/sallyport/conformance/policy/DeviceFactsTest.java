package io.sallyport.conformance.policy;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.sallyport.conformance.clients.HiveMq;
import io.sallyport.conformance.clients.Inbox;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.product.Ledger;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an operator records of a device, and its groups, decide at once in the open session. */
@ExtendWith(Lab.Resolver.class)
class DeviceFactsTest {
  private final Lab lab;
  private final Ledger ledger;
  private final Endpoint who;
  private final String id;
  private final String group;
  private final Inbox<MqttClientDisconnectedContext> ends = new Inbox<>();
  private final Mqtt5AsyncClient device;

  DeviceFactsTest(Lab lab) {
    this.lab = lab;
    ledger = new Ledger(lab.product());
    who = lab.device();
    id = who.clientId();
    group = "group-" + id;
    device = HiveMq.v5(who, ends);
  }

  @BeforeEach
  void connectsWithThePolicyOfItsGroup() throws Exception {
    var document =
        """
        {"Version":"2012-10-17","Statement":[
         {"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:*:*:topic/facts/tag",
          "Condition":{"StringEquals":{"sallyport:DeviceTag/site":"berlin"}}},
         {"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:*:*:topic/facts/firmware",
          "Condition":{"VersionGreaterThanEquals":{"sallyport:FirmwareVersion":"1.4"}}},
         {"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:*:*:topic/facts/attested",
          "Condition":{"Bool":{"sallyport:Attested":"true"}}},
         {"Effect":"Allow","Action":"iot:Publish",
          "Resource":"arn:aws:iot:*:*:topic/facts/${iot:Connection.Thing.Attributes[room]}"}]}
        """;
    var file = Files.writeString(lab.scratch().resolve("facts.json"), document);
    operator("policy", "put", "facts-" + id, file.toString());
    operator("group", "create", group);
    await(device.connect());
  }

  @AfterEach
  void leaves() throws Exception {
    assertThat(ends.size()).as("ends of the connection").isZero();
    await(device.disconnect());
  }

  @Test
  void whatIsRecordedHoldsInTheSameSession() throws Exception {
    joins();
    assertRefused("tag");
    operator("device", "tag", id, "site=berlin");
    publish("tag");
    ledger.expect("tags-changed", id, "berlin");
    operator("device", "tag", id, "--remove", "site");
    assertRefused("tag");

    assertRefused("firmware");
    operator("device", "state", id, "--firmware", "1.3.9");
    assertRefused("firmware");
    operator("device", "state", id, "--firmware", "1.4.0");
    publish("firmware");

    assertRefused("attested");
    operator("device", "state", id, "--attested", "yes");
    publish("attested");
    operator("device", "state", id, "--firmware", "unknown", "--attested", "unknown");
    assertRefused("firmware");
    assertRefused("attested");

    assertRefused("cellar");
    operator("device", "set", id, "--attribute", "room=cellar");
    publish("cellar");
  }

  @Test
  void aGroupGivesAndTakesInTheSameSession() throws Exception {
    operator("device", "tag", id, "site=berlin");
    assertRefused("tag");
    joins();
    publish("tag");
    ledger.expect("group-member-added", group, id);

    operator("group", "remove", group, id);
    assertRefused("tag");
    operator("group", "add", group, id);
    publish("tag");
    operator("group", "delete", group, "--force");
    assertRefused("tag");
  }

  private void joins() {
    operator("group", "add", group, id);
    operator("policy", "attach", "facts-" + id, "--group", group);
  }

  private void assertRefused(String last) {
    assertThatThrownBy(() -> publish(last))
        .asInstanceOf(type(Mqtt5PubAckException.class))
        .extracting(refusal -> refusal.getMqttMessage().getReasonCode())
        .isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
  }

  private void publish(String last) throws Exception {
    var message = device.publishWith().topic("facts/" + last).qos(MqttQos.AT_LEAST_ONCE);
    var result = await(message.payload("x".getBytes(UTF_8)).send());
    assertThat(result.getError()).isEqualTo(Optional.empty());
  }

  private void operator(String... command) {
    lab.product().cli(command).expecting(0);
  }
}
