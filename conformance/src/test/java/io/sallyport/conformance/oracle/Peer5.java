package io.sallyport.conformance.oracle;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5RetainHandling;
import io.sallyport.conformance.clients.HiveMq;
import io.sallyport.conformance.product.Endpoint;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A peer that speaks MQTT 5, each with subscription options of its own. */
final class Peer5 implements Peer {
  private static final long LASTING_SECONDS = 3600;
  private static final List<Mqtt5RetainHandling> RETAIN_HANDLINGS =
      List.of(
          Mqtt5RetainHandling.SEND,
          Mqtt5RetainHandling.SEND_IF_SUBSCRIPTION_DOES_NOT_EXIST,
          Mqtt5RetainHandling.DO_NOT_SEND);

  private final Endpoint endpoint;
  private final boolean noLocal;
  private final boolean retainAsPublished;
  private final Mqtt5RetainHandling retainHandling;
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private @Nullable Mqtt5AsyncClient client;

  /** The options follow from the peer's number, so that every combination takes part. */
  Peer5(Endpoint endpoint, int number) {
    this.endpoint = endpoint;
    noLocal = number % 2 == 1;
    retainAsPublished = number / 2 % 2 == 1;
    retainHandling = RETAIN_HANDLINGS.get(number % RETAIN_HANDLINGS.size());
  }

  @Override
  public boolean connect(boolean lasting) throws Exception {
    var fresh = HiveMq.v5(endpoint);
    fresh.publishes(MqttGlobalPublishFilter.ALL, this::hear);
    client = fresh;
    return await(
            fresh
                .connectWith()
                .cleanStart(!lasting)
                .sessionExpiryInterval(lasting ? LASTING_SECONDS : 0)
                .send())
        .isSessionPresent();
  }

  @Override
  public void disconnect() throws Exception {
    await(client().disconnect());
  }

  @Override
  public void publish(String topic, String payload, int qos, boolean retain) throws Exception {
    await(
        client()
            .publishWith()
            .topic(topic)
            .payload(payload.getBytes(UTF_8))
            .qos(Objects.requireNonNull(MqttQos.fromCode(qos)))
            .retain(retain)
            .send());
  }

  @Override
  public int subscribe(String filter, int qos) throws Exception {
    var ownSync = filter.startsWith(History.SYNC);
    var answer =
        await(
            client()
                .subscribeWith()
                .topicFilter(filter)
                .qos(Objects.requireNonNull(MqttQos.fromCode(qos)))
                .noLocal(noLocal && !ownSync)
                .retainAsPublished(retainAsPublished)
                .retainHandling(retainHandling)
                .send());
    return answer.getReasonCodes().getFirst().getCode();
  }

  @Override
  public void unsubscribe(String filter) throws Exception {
    await(client().unsubscribeWith().topicFilter(filter).send());
  }

  @Override
  public List<Heard> heard() {
    return heard;
  }

  private Mqtt5AsyncClient client() {
    return Objects.requireNonNull(client);
  }

  private void hear(Mqtt5Publish publish) {
    heard.add(
        new Heard(
            publish.getTopic().toString(),
            new String(publish.getPayloadAsBytes(), UTF_8),
            publish.getQos().getCode(),
            publish.isRetain()));
  }
}
