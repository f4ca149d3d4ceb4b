package io.sallyport.conformance.upstream;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import io.sallyport.conformance.clients.HiveMq;
import io.sallyport.conformance.clients.Inbox;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Patience;
import java.time.Duration;
import java.util.Objects;

/** One client at the gate with all that it hears. */
final class Talk {
  static final long AN_HOUR = 3600;

  /** Bound: a broker that takes over from another, on a machine with much else to do. */
  private static final Duration BACK_MAX = Duration.ofSeconds(60);

  final Endpoint who;
  final Inbox<Mqtt5Publish> heard = new Inbox<>();
  final Inbox<String> ends = new Inbox<>();
  final Mqtt5AsyncClient client;

  Talk(Endpoint who) {
    this.who = who;
    client = HiveMq.v5(who, end -> ends.accept(reason(end.getCause())));
    client.publishes(MqttGlobalPublishFilter.ALL, heard);
  }

  /** What DISCONNECT said, or how it ended without one. */
  private static String reason(Throwable cause) {
    return cause instanceof Mqtt5DisconnectException said
        ? said.getMqttMessage().getReasonCode().toString()
        : cause.toString();
  }

  /** Connected with a session that ends with the connection. */
  static Talk clean(Endpoint who) throws Exception {
    var talk = new Talk(who);
    await(talk.client.connect());
    return talk;
  }

  /** Goes on with the session, or begins one that stays; whether there was one. */
  boolean resume() throws Exception {
    return await(client.connectWith().cleanStart(false).sessionExpiryInterval(AN_HOUR).send())
        .isSessionPresent();
  }

  /** Tries as long as the broker is away, as a device does. */
  boolean resumeWhenItIsBack() {
    var present = new boolean[1];
    Patience.until(
        who.clientId() + " back",
        BACK_MAX,
        () -> {
          try {
            present[0] = resume();
            return true;
          } catch (RuntimeException _) {
            Thread.sleep(200);
            return client.getState().isConnected();
          }
        });
    return present[0];
  }

  Talk subscribes(String filter, int qos) throws Exception {
    await(
        client
            .subscribeWith()
            .topicFilter(filter)
            .qos(Objects.requireNonNull(MqttQos.fromCode(qos)))
            .send());
    return this;
  }

  Mqtt5PublishResult publishes(String topic, String text, int qos, boolean retain)
      throws Exception {
    return await(
        client
            .publishWith()
            .topic(topic)
            .qos(Objects.requireNonNull(MqttQos.fromCode(qos)))
            .retain(retain)
            .payload(text.getBytes(UTF_8))
            .send());
  }

  /** Says good-bye, and waits for nothing. */
  void goes() {
    var _ = client.disconnect();
  }

  /** The text of the next message. */
  String next() throws InterruptedException {
    return text(heard.next());
  }

  static String text(Mqtt5Publish publish) {
    return new String(publish.getPayloadAsBytes(), UTF_8);
  }

  void leaves() throws Exception {
    await(client.disconnect());
  }
}
