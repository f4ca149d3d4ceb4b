package io.sallyport.gateway.connection;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Reason;
import io.sallyport.gateway.connection.ConnectionSettings.DeniedPublish;
import io.sallyport.gateway.meter.Denial;
import io.sallyport.gateway.meter.Latency;
import io.sallyport.gateway.mqtt.MalformedPacket;
import io.sallyport.gateway.mqtt.PacketReader;
import io.sallyport.gateway.mqtt.PacketType;
import io.sallyport.gateway.mqtt.ProtocolVersion;
import io.sallyport.gateway.mqtt.PublishReader;
import io.sallyport.ledger.EventType;
import io.sallyport.policy.Action;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides each PUBLISH, and hands what is allowed to the exchange. */
final class Publishing {
  private static final String NOT_HERE = "not authorized to publish to this topic";
  private static final long MILLIS = 1_000;

  private final GateContext gate;
  private final Duties duties;
  private final Answering answering;
  private final PublishRate rate;
  private final int windowTicks;

  Publishing(GateContext gate, Duties duties, Answering answering) {
    this.gate = gate;
    this.answering = answering;
    this.duties = duties;
    this.rate = new PublishRate(gate, duties);
    this.windowTicks = DeadlineWheel.ticks(gate.settings().deniedQos0Window());
  }

  void publish(Client client, PacketReader reader, int flags) throws MalformedPacket {
    var inbound = client.inbound();
    var meters = client.connection().loop().meters();
    boolean sampled = meters.samplesPublish();
    var observed = client.connection().observed();
    boolean told = observed != null && observed.samplesPublish();
    long begun = sampled || told ? meters.now() : 0;
    var publish = reader.publish(flags, client.version(), inbound.lastTopic());
    client.carried().message();
    var topic =
        inbound.resolve(publish.topic(), publish.alias(), gate.limits().topicAliasMaximum());
    checkReceiveMaximum(client, publish);
    if (!rate.admits(client, publish, topic.length + reader.cursor().remaining())) {
      return;
    }
    boolean allowed = isAllowed(client, publish, topic);
    if (sampled) {
      meters.ended(Latency.DECISION_PUBLISH, begun);
    }
    if (!allowed) {
      denied(client, publish, topic);
      return;
    }
    if (ReservedTopics.contains(topic)) {
      answering.request(client, publish, topic, reader.cursor().rest());
      return;
    }
    var message = message(client, publish, topic, reader.cursor().rest());
    if (publish.qos() > 0) {
      began(client, message);
      if (sampled) {
        meters.watch(client, publish.packetId(), publish.qos(), begun);
      }
    }
    gate.counters().published.increment();
    client.publishes();
    int qos = publish.qos();
    client.session().publish(message, publish.packetId(), publish.isDup());
    if (sampled && qos == 0) {
      meters.ended(Latency.PUBLISH_QOS_0, begun);
    }
    if (told && observed != null) {
      observed.publish(message.topicText(), qos, null, meters.now() - begun);
    }
  }

  private boolean isAllowed(Client client, PublishReader publish, byte[] topic) {
    return reserved(publish, topic) == null
        && client.policy().allows(Action.PUBLISH, topic)
        && (!publish.isRetain() || client.policy().allows(Action.RETAIN_PUBLISH, topic));
  }

  /** Why nobody may publish so, whatever a policy says; null if that is for policies to say. */
  private @Nullable String reserved(PublishReader publish, byte[] topic) {
    if (!ReservedTopics.contains(topic)) {
      return null;
    }
    if (!answering.takes(topic)) {
      return "reserved for the server";
    }
    return publish.isRetain() || publish.qos() > 1
        ? "a request to the server is sent with QoS 0 or 1, and is not retained"
        : null;
  }

  private Message message(Client client, PublishReader publish, byte[] topic, byte[] payload) {
    long expiry = publish.expirySeconds();
    return new Message(
        client.principal(),
        client.clientId(),
        topic,
        payload,
        publish.travelling(),
        publish.qos(),
        publish.isRetain(),
        expiry < 0 ? Message.NEVER : gate.clock().millis() + expiry * MILLIS);
  }

  /** MQTT 5, 3.3.4: who was told the receive maximum and goes beyond it is disconnected. */
  private void checkReceiveMaximum(Client client, PublishReader publish) throws MalformedPacket {
    if (publish.qos() > 0
        && client.version() == ProtocolVersion.V5
        && client.inbound().inFlight() >= gate.limits().receiveMaximum()) {
      throw new MalformedPacket(Reason.RECEIVE_MAXIMUM_EXCEEDED, "receive maximum exceeded");
    }
  }

  /** Whoever sends more than the exchange takes is not read from until it has caught up. */
  private void began(Client client, Message message) {
    var inbound = client.inbound();
    inbound.began(message.weight());
    if (inbound.unanswered() >= gate.limits().receiveMaximum()
        || inbound.unansweredBytes() >= gate.settings().unansweredBytesMax()) {
      client.connection().pause(Pause.UNANSWERED);
    }
  }

  private void denied(Client client, PublishReader publish, byte[] topic) {
    gate.counters().publishesDenied.increment();
    report(client, publish, topic);
    if (client.version() == ProtocolVersion.V5) {
      deniedV5(client, publish);
    } else if (gate.settings().deniedPublish() == DeniedPublish.DISCONNECT) {
      client.connection().end(Reason.NOT_AUTHORIZED, null);
    } else if (publish.qos() > 0) {
      client.acknowledge(answer(publish), publish.packetId(), Reason.SUCCESS, null);
    }
  }

  private void deniedV5(Client client, PublishReader publish) {
    if (publish.qos() > 0) {
      client.acknowledge(answer(publish), publish.packetId(), Reason.NOT_AUTHORIZED, NOT_HERE);
      return;
    }
    int denied =
        client.inbound().denied(client.connection().loop().deadlines().tick(), windowTicks);
    if (denied >= gate.settings().deniedQos0Max()) {
      client.connection().end(Reason.NOT_AUTHORIZED, NOT_HERE);
    }
  }

  private static int answer(PublishReader publish) {
    return publish.qos() == 1 ? PacketType.PUBACK : PacketType.PUBREC;
  }

  private void report(Client client, PublishReader packet, byte[] topic) {
    var name = new String(topic, StandardCharsets.UTF_8);
    var facts = Map.of("topic", name, "clientId", client.clientId());
    var reserved = reserved(packet, topic);
    gate.meters().denied(reserved == null ? Denial.PUBLISH_POLICY : Denial.PUBLISH_RESERVED);
    if (reserved != null) {
      duties.report(EventType.PUBLISH_DENIED, client, reserved, facts, () -> reserved);
      return;
    }
    var policy = client.policy();
    var publish = policy.decide(Action.PUBLISH, name);
    boolean retained = publish.isAllowed() && packet.isRetain();
    var action = retained ? Action.RETAIN_PUBLISH : Action.PUBLISH;
    var why =
        retained ? "retain: " + policy.decide(action, name).explanation() : publish.explanation();
    duties.report(
        EventType.PUBLISH_DENIED, client, why, facts, () -> policy.explain(action, name).trace());
  }
}
