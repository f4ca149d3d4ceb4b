package io.sallyport.gateway.connection;

import io.sallyport.exchange.Message;
import io.sallyport.gateway.meter.Denial;
import io.sallyport.gateway.mqtt.PacketWriter;
import io.sallyport.gateway.mqtt.ProtocolVersion;
import io.sallyport.ledger.EventType;
import io.sallyport.policy.Action;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes deliveries, and reports those that a receiver may not receive. */
final class Deliveries {
  private static final long MILLIS = 1_000;

  private Deliveries() {}

  /**
   * Writes one PUBLISH to a client.
   *
   * @return false, with nothing written, if it is larger than the client takes
   */
  static boolean write(
      OutboundBatch out,
      ProtocolVersion version,
      long packetSizeMax,
      Message message,
      int flags,
      int packetId,
      int @Nullable [] identifiers,
      long nowMillis) {
    boolean v5 = version == ProtocolVersion.V5;
    long expiry = v5 ? remainingSeconds(message, nowMillis) : -1;
    int properties = v5 ? PacketWriter.deliveryProperties(message, expiry, identifiers) : 0;
    int payload = message.payload().length;
    int remaining =
        2
            + message.topic().length
            + (packetId == 0 ? 0 : 2)
            + (v5 ? PacketWriter.varintLength(properties) + properties : 0)
            + payload;
    int length = 1 + PacketWriter.varintLength(remaining) + remaining;
    if (length > packetSizeMax) {
      return false;
    }
    boolean copied = payload <= OutboundBatch.COPY_MAX;
    var bytes = out.room(copied ? length : length - payload);
    PacketWriter.deliveryHead(bytes, flags, remaining, message, packetId);
    if (v5) {
      PacketWriter.deliveryProperties(bytes, properties, message, expiry, identifiers);
    }
    if (copied) {
      bytes.writeBytes(message.payload());
    } else {
      out.append(message.payload());
    }
    return true;
  }

  /** What is left of the message expiry interval (MQTT 5, 3.3.2.3.3), or -1 for none. */
  private static long remainingSeconds(Message message, long nowMillis) {
    if (message.expiresAtMillis() == Message.NEVER) {
      return -1;
    }
    return Math.max(0, (message.expiresAtMillis() - nowMillis + MILLIS - 1) / MILLIS);
  }

  static void denied(GateContext gate, Client receiver, Message message) {
    gate.counters().receivesDenied.increment();
    gate.meters().denied(Denial.RECEIVE_POLICY);
    var topic = message.topicText();
    var policy = receiver.policy();
    var why = policy.decide(Action.RECEIVE, topic).explanation();
    gate.denials()
        .report(
            EventType.RECEIVE_DENIED,
            receiver.principal().value(),
            why,
            Map.of(
                "topic",
                topic,
                "clientId",
                receiver.clientId(),
                "publisher",
                message.publisher().value(),
                "reason",
                why),
            () -> policy.explain(Action.RECEIVE, topic).trace());
  }
}
