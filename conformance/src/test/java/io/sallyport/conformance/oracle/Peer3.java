package io.sallyport.conformance.oracle;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import io.sallyport.conformance.clients.HiveMq;
import io.sallyport.conformance.product.Endpoint;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A peer that speaks MQTT 3.1.1. */
final class Peer3 implements Peer {
  private final Endpoint endpoint;
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private @Nullable Mqtt3AsyncClient client;

  Peer3(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public boolean connect(boolean lasting) throws Exception {
    var fresh = HiveMq.v3(endpoint);
    fresh.publishes(MqttGlobalPublishFilter.ALL, this::hear);
    client = fresh;
    return await(fresh.connectWith().cleanSession(!lasting).send()).isSessionPresent();
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
    var answer =
        await(
            client()
                .subscribeWith()
                .topicFilter(filter)
                .qos(Objects.requireNonNull(MqttQos.fromCode(qos)))
                .send());
    return answer.getReturnCodes().getFirst().getCode();
  }

  @Override
  public void unsubscribe(String filter) throws Exception {
    await(client().unsubscribeWith().topicFilter(filter).send());
  }

  @Override
  public List<Heard> heard() {
    return heard;
  }

  private Mqtt3AsyncClient client() {
    return Objects.requireNonNull(client);
  }

  private void hear(Mqtt3Publish publish) {
    heard.add(
        new Heard(
            publish.getTopic().toString(),
            new String(publish.getPayloadAsBytes(), UTF_8),
            publish.getQos().getCode(),
            publish.isRetain()));
  }
}
