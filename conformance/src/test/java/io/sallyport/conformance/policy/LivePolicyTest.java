package io.sallyport.conformance.policy;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.sallyport.conformance.clients.HiveMq;
import io.sallyport.conformance.clients.Inbox;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.product.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A policy that an operator changes holds at once, for whoever is connected at that moment. */
@ExtendWith(Lab.Resolver.class)
class LivePolicyTest {
  private static final String CONNECT = allow("Connect", "client/*");

  private final Lab lab;
  private final Ledger ledger;
  private final Endpoint who;
  private final String policy;
  private final Inbox<Mqtt5Publish> received = new Inbox<>();
  private final Inbox<MqttClientDisconnectedContext> ends = new Inbox<>();
  private final Mqtt5AsyncClient device;
  private final Mqtt5AsyncClient writer;

  LivePolicyTest(Lab lab) {
    this.lab = lab;
    ledger = new Ledger(lab.product());
    who = lab.device();
    policy = "live-" + who.clientId();
    device = HiveMq.v5(who, ends);
    writer = HiveMq.v5(lab.openClient());
  }

  @BeforeEach
  void connectsWithAPolicyOfItsOwn() throws Exception {
    put(policy, everything());
    operator("policy", "attach", policy, who.clientId());
    operator("policy", "detach", "default-device", who.clientId());
    device.publishes(MqttGlobalPublishFilter.ALL, received);
    await(device.connect());
    await(writer.connect());
    subscribe("in");
    subscribe("kept");
  }

  @AfterEach
  void leaves() throws Exception {
    await(writer.disconnect());
    if (device.getState().isConnected()) {
      await(device.disconnect());
    }
  }

  @Test
  void aNewVersionTakesWhatItNoLongerAllowsAndTheNextGivesItBack() throws Exception {
    write("in", "before");
    assertThat(text(received.next())).isEqualTo("before");
    publish("out");

    put(policy, CONNECT, allow("Subscribe", filter("kept")), allow("Receive", topic("*")));

    write("in", "not for you");
    write("kept", "mark");
    assertThat(text(received.next())).as("the first after the change").isEqualTo("mark");
    assertPublishRefused("out");
    assertThatThrownBy(() -> subscribe("in")).isInstanceOf(Mqtt5SubAckException.class);
    ledger.expect("policy-put", policy, "\"version\":\"2\"");
    ledger.expect("subscribe-denied", who.clientId(), name("in"), "\"removed\":\"true\"");
    ledger.expect("publish-denied", who.clientId(), name("out"));

    put(policy, everything());

    publish("out");
    subscribe("in");
    write("in", "welcome back");
    assertThat(text(received.next())).isEqualTo("welcome back");
    assertThat(ends.size()).as("ends of the connection").isZero();
  }

  /** A SUBACK is true: what may no longer be received is no longer subscribed to. */
  @Test
  void deliveriesStopAndGoOnWithTheRightToReceive() throws Exception {
    put(policy, CONNECT, allow("Subscribe", filter("*")), allow("Receive", topic("kept")));

    write("in", "not for you");
    write("kept", "mark");
    assertThat(text(received.next())).as("the first after the change").isEqualTo("mark");
    ledger.expect("subscribe-denied", who.clientId(), name("in"), "\"removed\":\"true\"");
    assertThatThrownBy(() -> subscribe("in")).isInstanceOf(Mqtt5SubAckException.class);

    put(policy, everything());

    subscribe("in");
    write("in", "for you again");
    assertThat(text(received.next())).isEqualTo("for you again");
    assertThat(ends.size()).as("ends of the connection").isZero();
  }

  /** The attack that a Deny on a filter never stopped. */
  @Test
  void noFilterWalksAroundADeny() throws Exception {
    var secret = allow("Receive", topic("secret/*")).replace("Allow", "Deny");
    put(policy, CONNECT, allow("Subscribe", filter("*")), allow("Receive", topic("*")), secret);

    assertThatThrownBy(() -> subscribe("#")).isInstanceOf(Mqtt5SubAckException.class);
    assertThatThrownBy(() -> subscribe("+/x")).isInstanceOf(Mqtt5SubAckException.class);
    ledger.expect(
        "subscribe-denied",
        who.clientId(),
        "'" + name("#") + "' matches '" + name("secret/") + "', which may not be received");
    var explained =
        lab.product()
            .cli("policy", "explain", "--device", who.clientId(), "--subscribe", name("#"))
            .expecting(1);
    assertThat(explained.out()).contains("DENIED").contains(name("secret/"));
    lab.product()
        .cli(
            "policy",
            "explain",
            "--device",
            who.clientId(),
            "--subscribe",
            name("#"),
            "--mode",
            "aws-compat")
        .expecting(0);
    subscribe("open/#");
    write("open/x", "seen");
    assertThat(text(received.next())).isEqualTo("seen");
  }

  @Test
  void whatIsAttachedHoldsAtOnceAndNoLongerWhenItIsDetached() throws Exception {
    var denial = "deny-" + who.clientId();
    put(denial, allow("Publish", topic("out")).replace("Allow", "Deny"));
    publish("out");

    operator("policy", "attach", denial, who.clientId());

    assertPublishRefused("out");
    publish("elsewhere");
    ledger.expect("policy-attached", denial, who.clientId());

    operator("policy", "detach", denial, who.clientId());

    publish("out");
    ledger.expect("policy-detached", denial, who.clientId());
    assertThat(ends.size()).as("ends of the connection").isZero();
  }

  @Test
  void whoeverMayNoLongerConnectIsDisconnectedUntilHeMayAgain() throws Exception {
    var endsOfOlder = new Inbox<MqttClientDisconnectedContext>();
    var older = HiveMq.v3(another(), endsOfOlder);
    await(older.connect());

    put(policy, allow("Publish", topic("*")));

    var end = ends.next();
    assertThat(end.getSource()).isEqualTo(MqttDisconnectSource.SERVER);
    assertThat(end.getCause())
        .asInstanceOf(type(Mqtt5DisconnectException.class))
        .extracting(cause -> cause.getMqttMessage().getReasonCode())
        .isEqualTo(Mqtt5DisconnectReasonCode.NOT_AUTHORIZED);
    assertThat(endsOfOlder.next().getSource()).isEqualTo(MqttDisconnectSource.SERVER);
    assertThatThrownBy(() -> await(device.connect()))
        .asInstanceOf(type(Mqtt5ConnAckException.class))
        .extracting(refusal -> refusal.getMqttMessage().getReasonCode())
        .isEqualTo(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED);
    ledger.expect("connect-refused", who.clientId(), who.clientId());

    put(policy, everything());

    await(device.connect());
    publish("out");
    await(older.connect());
    await(older.disconnect());
  }

  /** Another device under the same policy. */
  private Endpoint another() {
    var other = lab.device();
    operator("policy", "attach", policy, other.clientId());
    operator("policy", "detach", "default-device", other.clientId());
    return other;
  }

  private void assertPublishRefused(String last) {
    assertThatThrownBy(() -> publish(last))
        .asInstanceOf(type(Mqtt5PubAckException.class))
        .extracting(refusal -> refusal.getMqttMessage().getReasonCode())
        .isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
  }

  private void publish(String last) throws Exception {
    send(device, last, "x");
  }

  private void write(String last, String text) throws Exception {
    send(writer, last, text);
  }

  private void send(Mqtt5AsyncClient from, String last, String text) throws Exception {
    var message = from.publishWith().topic(name(last)).qos(MqttQos.AT_LEAST_ONCE);
    var result = await(message.payload(text.getBytes(UTF_8)).send());
    assertThat(result.getError()).isEqualTo(Optional.empty());
  }

  private void subscribe(String last) throws Exception {
    await(device.subscribeWith().topicFilter(name(last)).qos(MqttQos.AT_LEAST_ONCE).send());
  }

  private String name(String last) {
    return "live/" + who.clientId() + "/" + last;
  }

  private String topic(String last) {
    return "topic/" + name(last);
  }

  private String filter(String last) {
    return "topicfilter/" + name(last);
  }

  private String[] everything() {
    return new String[] {
      CONNECT,
      allow("Publish", topic("*")),
      allow("Subscribe", filter("*")),
      allow("Receive", topic("*"))
    };
  }

  private static String allow(String action, String resource) {
    return "{\"Effect\":\"Allow\",\"Action\":\"iot:%s\",\"Resource\":\"arn:aws:iot:*:*:%s\"}"
        .formatted(action, resource);
  }

  private void put(String name, String... statements) throws IOException {
    var document =
        "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}"
            .formatted(String.join(",", List.of(statements)));
    var file = Files.writeString(lab.scratch().resolve("policy.json"), document);
    operator("policy", "put", name, file.toString());
  }

  private void operator(String... command) {
    lab.product().cli(command).expecting(0);
  }

  private static String text(Mqtt5Publish publish) {
    return new String(publish.getPayloadAsBytes(), UTF_8);
  }
}
