package io.sallyport.gateway.connection;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Subscription;
import io.sallyport.gateway.mqtt.PacketType;
import io.sallyport.gateway.mqtt.ProtocolVersion;
import io.sallyport.gateway.mqtt.PublishReader;
import io.sallyport.gateway.topic.DeviceDoor;
import io.sallyport.gateway.topic.Reply;
import io.sallyport.policy.Action;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Has requests answered that clients publish to reserved topics. Neither request nor answer reaches
 * the exchange: the topics carry no name, so that only whoever asked may hear.
 */
final class Answering {
  private static final byte[] NO_PROPERTIES = new byte[0];
  private static final String UNHEARD = "subscribe to the answer's topic first";

  private final GateContext gate;

  Answering(GateContext gate) {
    this.gate = gate;
  }

  /** Whether a publication there is a request; allocates nothing. */
  boolean takes(byte[] topic) {
    var door = gate.devices();
    return door != null && door.takes(topic);
  }

  /** Whether a subscription stays here: answers come under it, and nothing else does. */
  boolean keeps(String filter) {
    var door = gate.devices();
    return door != null && door.answersUnder(filter);
  }

  /** A request that its policy allows, and whose topic is one of those that are taken. */
  void request(Client client, PublishReader publish, byte[] topic, byte[] payload) {
    var door = gate.devices();
    if (door == null) {
      throw new IllegalStateException("nothing is taken where there is no door");
    }
    client.publishes();
    int packetId = publish.packetId();
    var name = new String(topic, StandardCharsets.UTF_8);
    // Nothing is done that its sender would not hear of.
    if (!mayHear(client, DeviceDoor.accepted(name))) {
      unheard(client, packetId);
      return;
    }
    var calls = client.calls();
    if (!calls.begins(client.connection().loop().deadlines().tick())) {
      began(client, packetId, topic.length + payload.length);
      answered(client, packetId, door.tooOften(name));
      return;
    }
    began(client, packetId, topic.length + payload.length);
    door.ask(
        client.connection().channel().eventLoop(),
        client.connection().source(),
        client.connection().device(),
        name,
        payload,
        reply -> {
          calls.ended();
          answered(client, packetId, reply);
        });
  }

  private static void unheard(Client client, int packetId) {
    if (packetId != 0) {
      boolean isTold = client.version() == ProtocolVersion.V5;
      client.acknowledge(
          PacketType.PUBACK,
          packetId,
          isTold ? Reason.NO_MATCHING_SUBSCRIBERS : Reason.SUCCESS,
          UNHEARD);
    }
  }

  private boolean mayHear(Client client, String accepted) {
    if (hearing(client, accepted) == null) {
      return false;
    }
    var topic = accepted.getBytes(StandardCharsets.UTF_8);
    boolean allowed = client.policy().allows(Action.RECEIVE, topic);
    if (!allowed) {
      Deliveries.denied(gate, client, message(client, new Reply(accepted, NO_PROPERTIES)));
    }
    return allowed;
  }

  /** The subscription under which an answer is heard; a policy may have changed since. */
  private static @Nullable Subscription hearing(Client client, String topic) {
    var known = client.callsOrNull();
    var subscription = known == null ? null : known.hearing(topic);
    return subscription != null
            && Subscribing.isStillAllowed(
                client.policy(), client.connection().rules().subscribe(), subscription.filter())
        ? subscription
        : null;
  }

  private static void began(Client client, int packetId, int bytes) {
    if (packetId != 0) {
      client.inbound().began(bytes);
    }
  }

  private void answered(Client client, int packetId, Reply reply) {
    if (client.connection().phase() != Phase.OPEN) {
      return;
    }
    if (packetId != 0) {
      client.puback(packetId, Reason.SUCCESS);
    }
    var under = hearing(client, reply.topic());
    if (under != null) {
      // It goes at most once: who misses it asks again, and the same request has the same answer.
      int[] identifiers = under.identifier() == 0 ? null : new int[] {under.identifier()};
      client.deliver(message(client, reply), 0, 0, false, false, identifiers);
    }
  }

  private static Message message(Client client, Reply reply) {
    return new Message(
        client.principal(),
        client.clientId(),
        reply.topic().getBytes(StandardCharsets.UTF_8),
        reply.payload(),
        NO_PROPERTIES,
        0,
        false,
        Message.NEVER);
  }
}
