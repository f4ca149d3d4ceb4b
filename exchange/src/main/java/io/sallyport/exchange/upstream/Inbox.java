package io.sallyport.exchange.upstream;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Outlet.Delivered;
import io.sallyport.exchange.Reason;
import java.util.HashSet;
import java.util.Set;

/** What comes from the broker for one device. Lives on the session's loop. */
final class Inbox {
  private final UpstreamSession session;
  private final Outlet outlet;
  private final Facilities facilities;

  /** QoS 2 deliveries that the device never saw, and that we end in its place. */
  private final Set<Integer> refused = new HashSet<>(0);

  private int unacknowledged;

  Inbox(UpstreamSession session, Outlet outlet, Facilities facilities) {
    this.session = session;
    this.outlet = outlet;
    this.facilities = facilities;
  }

  /** Deliveries that the device has not acknowledged. */
  int unacknowledged() {
    return unacknowledged;
  }

  /** The device has done with one. */
  void acknowledged() {
    unacknowledged = Math.max(0, unacknowledged - 1);
  }

  void received(MqttMessage packet) {
    switch (packet.fixedHeader().messageType()) {
      case PUBLISH -> deliver((MqttPublishMessage) packet);
      case PUBACK -> {
        Reason reason = Answers.reason(packet);
        outlet.puback(id(packet), reason);
        session.outbox().finished(id(packet), reason);
      }
      case PUBREC -> {
        Reason reason = Answers.reason(packet);
        outlet.pubrec(id(packet), reason);
        if (reason.isFailure()) {
          session.outbox().finished(id(packet), reason);
        }
      }
      case PUBCOMP -> {
        Reason reason = Answers.reason(packet);
        outlet.pubcomp(id(packet), reason);
        session.outbox().finished(id(packet), reason);
      }
      case PUBREL -> release(id(packet));
      case SUBACK -> session.requests().answered((MqttSubAckMessage) packet);
      case UNSUBACK -> session.requests().answered((MqttUnsubAckMessage) packet);
      case PINGRESP -> {
        // That it came is noted by the link.
      }
      case DISCONNECT -> session.refused(Answers.disconnect(packet));
      default -> session.refused(Reason.SERVER_UNAVAILABLE);
    }
    outlet.flush();
  }

  private static int id(MqttMessage packet) {
    return ((MqttMessageIdVariableHeader) packet.variableHeader()).messageId();
  }

  private void deliver(MqttPublishMessage packet) {
    Message message = facilities.packets().message(packet);
    int packetId = message.qos() == 0 ? 0 : packet.variableHeader().packetId();
    var delivered =
        outlet.deliver(
            message,
            packetId,
            message.qos(),
            message.isRetain(),
            packet.fixedHeader().isDup(),
            Properties.identifiers(packet.variableHeader().properties()));
    if (delivered == Delivered.SENT) {
      facilities.counters().delivered.increment();
      unacknowledged += packetId > 0 ? 1 : 0;
    } else {
      drop(delivered, packetId, message.qos());
    }
    if (!outlet.isWritable()) {
      session.listen(false);
    }
  }

  /** The broker hears that it was taken: else it would be sent for ever. */
  private void drop(Delivered why, int packetId, int qos) {
    switch (why) {
      case DENIED -> facilities.counters().droppedDenied.increment();
      default -> facilities.counters().droppedTooLarge.increment();
    }
    if (qos == 1) {
      session.acknowledge(MqttMessageType.PUBACK, packetId, Reason.SUCCESS);
    } else if (qos == 2) {
      refused.add(packetId);
      session.acknowledge(MqttMessageType.PUBREC, packetId, Reason.SUCCESS);
    }
  }

  private void release(int packetId) {
    if (!refused.isEmpty() && refused.remove(packetId)) {
      session.acknowledge(MqttMessageType.PUBCOMP, packetId, Reason.SUCCESS);
    } else {
      outlet.pubrel(packetId);
    }
  }
}
