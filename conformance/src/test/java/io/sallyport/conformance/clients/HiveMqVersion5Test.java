package io.sallyport.conformance.clients;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PayloadFormatIndicator;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.sallyport.conformance.product.CuttableWire;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.product.Patience;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The HiveMQ client with MQTT 5. */
@ExtendWith(Lab.Resolver.class)
class HiveMqVersion5Test {
  private static final long AN_HOUR = 3600;

  private final Lab lab;

  HiveMqVersion5Test(Lab lab) {
    this.lab = lab;
  }

  @ParameterizedTest
  @EnumSource(MqttQos.class)
  void deliversAtEveryQos(MqttQos qos) throws Exception {
    var topic = "hive5/qos/" + qos;
    var inbox = new Inbox<Mqtt5Publish>();
    var reader = connected(lab.openClient(), inbox);
    var writer = connected(lab.openClient());
    subscribe(reader, topic, qos);

    for (var number = 0; number < 50; number++) {
      publish(writer, topic, "n" + number, qos);
    }

    var received = inbox.next(50);
    for (var number = 0; number < 50; number++) {
      assertThat(text(received.get(number))).isEqualTo("n" + number);
      assertThat(received.get(number).getQos()).isEqualTo(qos);
    }
    leave(reader, writer);
  }

  @Test
  void carriesEveryPropertyOfARequest() throws Exception {
    var inbox = new Inbox<Mqtt5Publish>();
    var reader = connected(lab.openClient(), inbox);
    var writer = connected(lab.openClient());
    subscribe(reader, "hive5/request", MqttQos.AT_LEAST_ONCE);

    await(
        writer
            .publishWith()
            .topic("hive5/request")
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload("?".getBytes(UTF_8))
            .responseTopic("hive5/response")
            .correlationData(new byte[] {1, 0, 2})
            .contentType("text/plain")
            .payloadFormatIndicator(Mqtt5PayloadFormatIndicator.UTF_8)
            .messageExpiryInterval(600)
            .userProperties()
            .add("twice", "1")
            .add("twice", "2")
            .add("once", "äöü")
            .applyUserProperties()
            .send());

    var request = inbox.next();
    assertThat(request.getResponseTopic().map(Object::toString)).contains("hive5/response");
    assertThat(request.getCorrelationData()).contains(ByteBuffer.wrap(new byte[] {1, 0, 2}));
    assertThat(request.getContentType().map(Object::toString)).contains("text/plain");
    assertThat(request.getPayloadFormatIndicator()).contains(Mqtt5PayloadFormatIndicator.UTF_8);
    assertThat(request.getMessageExpiryInterval().getAsLong()).isBetween(590L, 600L);
    assertThat(request.getUserProperties().asList())
        .extracting(Mqtt5UserProperty::toString)
        .containsExactly(
            Mqtt5UserProperty.of("twice", "1").toString(),
            Mqtt5UserProperty.of("twice", "2").toString(),
            Mqtt5UserProperty.of("once", "äöü").toString());
    leave(reader, writer);
  }

  @Test
  void keepsARetainedMessageUntilItIsCleared() throws Exception {
    var inbox = new Inbox<Mqtt5Publish>();
    var writer = connected(lab.openClient());
    await(
        writer.publishWith().topic("hive5/kept").payload("1".getBytes(UTF_8)).retain(true).send());
    publish(writer, "hive5/barrier", "", MqttQos.AT_LEAST_ONCE);

    var reader = connected(lab.openClient(), inbox);
    subscribe(reader, "hive5/kept", MqttQos.AT_LEAST_ONCE);
    assertThat(inbox.next()).matches(Mqtt5Publish::isRetain, "has RETAIN set");

    await(writer.publishWith().topic("hive5/kept").retain(true).qos(MqttQos.AT_LEAST_ONCE).send());
    assertThat(inbox.next()).matches(message -> !message.isRetain(), "has RETAIN cleared");
    var late = new Inbox<Mqtt5Publish>();
    var latecomer = connected(lab.openClient(), late);
    subscribe(latecomer, "hive5/+", MqttQos.AT_LEAST_ONCE);
    publish(writer, "hive5/mark", "mark", MqttQos.AT_LEAST_ONCE);
    assertThat(text(late.next())).isEqualTo("mark");
    leave(reader, writer, latecomer);
  }

  @ParameterizedTest
  @EnumSource(
      value = MqttQos.class,
      names = {"AT_LEAST_ONCE", "EXACTLY_ONCE"})
  void resumesASessionWhoseSocketDropped(MqttQos qos) throws Exception {
    var topic = "hive5/resumed/" + qos;
    var sleeper = lab.openClient();
    var writer = connected(lab.openClient());
    try (var wire = CuttableWire.to(sleeper.port())) {
      var first = HiveMq.v5(sleeper.through(wire.port()));
      await(first.connectWith().cleanStart(true).sessionExpiryInterval(AN_HOUR).send());
      subscribe(first, topic, qos);
      wire.cut();
    }
    for (var number = 0; number < 20; number++) {
      publish(writer, topic, "n" + number, qos);
    }

    var inbox = new Inbox<Mqtt5Publish>();
    var second = HiveMq.v5(sleeper);
    second.publishes(MqttGlobalPublishFilter.ALL, inbox);
    var connack =
        await(second.connectWith().cleanStart(false).sessionExpiryInterval(AN_HOUR).send());

    assertThat(connack.isSessionPresent()).isTrue();
    assertThat(inbox.next(20))
        .extracting(HiveMqVersion5Test::text)
        .startsWith("n0")
        .endsWith("n19");
    leave(second, writer);
  }

  @Test
  void forgetsASessionThatAsksForACleanStart() throws Exception {
    var who = lab.openClient();
    var first = HiveMq.v5(who);
    await(first.connectWith().sessionExpiryInterval(AN_HOUR).send());
    subscribe(first, "hive5/forgotten", MqttQos.AT_LEAST_ONCE);
    leave(first);

    var again = HiveMq.v5(who);
    assertThat(await(again.connectWith().cleanStart(true).send()).isSessionPresent()).isFalse();
    leave(again);
  }

  @Test
  void dropsAMessageThatExpiredWhileItWaited() throws Exception {
    var sleeper = lab.openClient();
    var first = HiveMq.v5(sleeper);
    await(first.connectWith().sessionExpiryInterval(AN_HOUR).send());
    subscribe(first, "hive5/expiry", MqttQos.AT_LEAST_ONCE);
    leave(first);
    var writer = connected(lab.openClient());
    await(
        writer
            .publishWith()
            .topic("hive5/expiry")
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload("short".getBytes(UTF_8))
            .messageExpiryInterval(1)
            .send());
    publish(writer, "hive5/expiry", "lasting", MqttQos.AT_LEAST_ONCE);
    afterwards(Duration.ofMillis(1_500));

    var inbox = new Inbox<Mqtt5Publish>();
    var second = HiveMq.v5(sleeper);
    second.publishes(MqttGlobalPublishFilter.ALL, inbox);
    await(second.connectWith().cleanStart(false).sessionExpiryInterval(AN_HOUR).send());

    assertThat(text(inbox.next())).isEqualTo("lasting");
    leave(second, writer);
  }

  @Test
  void publishesAWillOnlyAfterItsDelay() throws Exception {
    var inbox = new Inbox<Mqtt5Publish>();
    var heir = connected(lab.openClient(), inbox);
    subscribe(heir, "hive5/will", MqttQos.AT_LEAST_ONCE);
    var dying = lab.openClient();
    var cutAt = 0L;
    try (var wire = CuttableWire.to(dying.port())) {
      connectWithWill(dying.through(wire.port()), "too early", 600);
      wire.cut();
    }
    var back = HiveMq.v5(dying);
    await(back.connectWith().cleanStart(false).sessionExpiryInterval(AN_HOUR).send());
    leave(back);
    try (var wire = CuttableWire.to(dying.port())) {
      connectWithWill(dying.through(wire.port()), "in time", 1);
      wire.cut();
      cutAt = System.nanoTime();
    }

    assertThat(text(inbox.next())).isEqualTo("in time");
    assertThat(Duration.ofNanos(System.nanoTime() - cutAt)).isGreaterThan(Duration.ofMillis(900));
    leave(heir);
  }

  @Test
  void discardsAWillOnDisconnect() throws Exception {
    var inbox = new Inbox<Mqtt5Publish>();
    var heir = connected(lab.openClient(), inbox);
    subscribe(heir, "hive5/will", MqttQos.AT_LEAST_ONCE);
    var leaving = connectWithWill(lab.openClient(), "never", 0);
    leave(leaving);
    var writer = connected(lab.openClient());
    publish(writer, "hive5/will", "mark", MqttQos.AT_LEAST_ONCE);

    assertThat(text(inbox.next())).isEqualTo("mark");
    leave(heir, writer);
  }

  /** The client numbers its subscriptions by identifiers of its own. */
  @Test
  void reachesEachOfTwoSubscriptionsThatOverlap() throws Exception {
    var narrow = new Inbox<Mqtt5Publish>();
    var wide = new Inbox<Mqtt5Publish>();
    var reader = HiveMq.v5(lab.openClient());
    await(reader.connect());
    await(reader.subscribeWith().topicFilter("hive5/ids/+").callback(narrow).send());
    await(reader.subscribeWith().topicFilter("hive5/ids/#").callback(wide).send());
    var writer = connected(lab.openClient());
    publish(writer, "hive5/ids/1", "x", MqttQos.AT_LEAST_ONCE);

    assertThat(text(narrow.next())).isEqualTo("x");
    assertThat(text(wide.next())).isEqualTo("x");
    leave(reader, writer);
  }

  @Test
  void sharesMessagesAmongAGroup() throws Exception {
    var one = new Inbox<Mqtt5Publish>();
    var two = new Inbox<Mqtt5Publish>();
    var first = connected(lab.openClient(), one);
    var second = connected(lab.openClient(), two);
    subscribe(first, "$share/group/hive5/jobs/+", MqttQos.AT_LEAST_ONCE);
    subscribe(second, "$share/group/hive5/jobs/+", MqttQos.AT_LEAST_ONCE);
    var writer = connected(lab.openClient());
    for (var number = 0; number < 40; number++) {
      publish(writer, "hive5/jobs/" + number, "job", MqttQos.AT_LEAST_ONCE);
    }

    Patience.until("40 jobs, each once", () -> one.size() + two.size() >= 40);
    var seen = new HashSet<String>();
    for (var message : one.next(one.size())) {
      assertThat(seen.add(message.getTopic().toString())).isTrue();
    }
    assertThat(seen).isNotEmpty().hasSizeLessThan(40);
    for (var message : two.next(two.size())) {
      assertThat(seen.add(message.getTopic().toString())).isTrue();
    }
    assertThat(seen).hasSize(40);
    leave(first, second, writer);
  }

  @Test
  void keepsToTheReceiveMaximumOfTheClient() throws Exception {
    var inbox = new Inbox<Mqtt5Publish>();
    var reader = HiveMq.v5(lab.openClient());
    reader.publishes(MqttGlobalPublishFilter.ALL, inbox, true);
    await(reader.connectWith().restrictions().receiveMaximum(3).applyRestrictions().send());
    subscribe(reader, "hive5/window/#", MqttQos.AT_LEAST_ONCE);
    var writer = connected(lab.openClient());
    for (var number = 0; number < 10; number++) {
      publish(writer, "hive5/window/" + number, "n" + number, MqttQos.AT_LEAST_ONCE);
    }
    publish(writer, "hive5/window/free", "mark", MqttQos.AT_MOST_ONCE);

    var seen = new HashSet<String>();
    for (var number = 0; number < 11; number++) {
      var message = inbox.next();
      assertThat(inbox.size()).isLessThanOrEqualTo(3);
      seen.add(text(message));
      message.acknowledge();
    }
    assertThat(seen).hasSize(11);
    leave(reader, writer);
  }

  @Test
  void tellsTheOldConnectionThatItWasTakenOver() throws Exception {
    var who = lab.openClient();
    var causes = new Inbox<Throwable>();
    var first =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier(who.clientId())
            .serverHost(who.host())
            .serverPort(who.port())
            .sslConfig(HiveMq.tls(who))
            .addDisconnectedListener(context -> causes.accept(context.getCause()))
            .buildAsync();
    await(first.connect());

    var second = connected(who);

    assertThat(causes.next())
        .asInstanceOf(type(Mqtt5DisconnectException.class))
        .extracting(end -> end.getMqttMessage().getReasonCode())
        .isEqualTo(Mqtt5DisconnectReasonCode.SESSION_TAKEN_OVER);
    leave(second);
  }

  private static Mqtt5AsyncClient connectWithWill(Endpoint who, String payload, long delaySeconds)
      throws Exception {
    var client = HiveMq.v5(who);
    await(
        client
            .connectWith()
            .cleanStart(false)
            .sessionExpiryInterval(AN_HOUR)
            .willPublish()
            .topic("hive5/will")
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(payload.getBytes(UTF_8))
            .delayInterval(delaySeconds)
            .applyWillPublish()
            .send());
    return client;
  }

  private static Mqtt5AsyncClient connected(Endpoint who) throws Exception {
    return connected(who, new Inbox<>());
  }

  private static Mqtt5AsyncClient connected(Endpoint who, Inbox<Mqtt5Publish> inbox)
      throws Exception {
    var client = HiveMq.v5(who);
    client.publishes(MqttGlobalPublishFilter.ALL, inbox);
    await(client.connect());
    return client;
  }

  private static void subscribe(Mqtt5AsyncClient client, String filter, MqttQos qos)
      throws Exception {
    await(client.subscribeWith().topicFilter(filter).qos(qos).send());
  }

  private static void publish(Mqtt5AsyncClient client, String topic, String text, MqttQos qos)
      throws Exception {
    var result =
        await(client.publishWith().topic(topic).qos(qos).payload(text.getBytes(UTF_8)).send());
    assertThat(result.getError()).isEqualTo(Optional.empty());
  }

  private static void leave(Mqtt5AsyncClient... clients) throws Exception {
    for (var client : clients) {
      await(client.disconnect());
    }
  }

  private static String text(Mqtt5Publish publish) {
    return new String(publish.getPayloadAsBytes(), UTF_8);
  }

  /** Lets real time pass: what is tested is that it has. */
  private static void afterwards(Duration pause) {
    var until = System.nanoTime() + pause.toNanos();
    Patience.until("the end of a pause", () -> System.nanoTime() > until);
  }
}
