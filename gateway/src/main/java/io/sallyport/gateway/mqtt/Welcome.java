package io.sallyport.gateway.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * A CONNACK that accepts (MQTT 5, 3.2). What is left out has its default meaning: QoS 2, retained
 * messages, wildcards, subscription identifiers and shared subscriptions are available.
 *
 * @param sessionExpirySeconds what the session got, or -1 if it is what was asked for
 * @param receiveMaximum most unacknowledged publications that the gate takes
 * @param maximumPacketSize largest packet that the gate takes
 * @param topicAliasMaximum highest topic alias that the gate takes
 * @param keepAliveSeconds what the client must keep to, or -1 if it is what was asked for
 * @param assignedClientId the client id chosen by the gate, or null if the client chose
 */
public record Welcome(
    long sessionExpirySeconds,
    int receiveMaximum,
    int maximumPacketSize,
    int topicAliasMaximum,
    int keepAliveSeconds,
    @Nullable String assignedClientId) {
  /** The same with a receive maximum that is not above the given one. */
  public Welcome withReceiveMaximum(int most) {
    return new Welcome(
        sessionExpirySeconds,
        Math.min(receiveMaximum, most),
        maximumPacketSize,
        topicAliasMaximum,
        keepAliveSeconds,
        assignedClientId);
  }

  /** Writes the CONNACK. */
  public void write(ByteBuf out, ProtocolVersion version, boolean sessionPresent) {
    out.writeByte(PacketType.CONNACK << 4);
    if (version == ProtocolVersion.V3_1_1) {
      out.writeByte(2).writeByte(sessionPresent ? 1 : 0).writeByte(0);
      return;
    }
    int block = propertiesLength();
    PacketWriter.varint(out, 2 + PacketWriter.varintLength(block) + block);
    out.writeByte(sessionPresent ? 1 : 0).writeByte(0);
    PacketWriter.varint(out, block);
    properties(out);
  }

  private int propertiesLength() {
    return (sessionExpirySeconds < 0 ? 0 : 5)
        + 3
        + 5
        + 3
        + (keepAliveSeconds < 0 ? 0 : 3)
        + (assignedClientId == null ? 0 : 3 + ByteBufUtil.utf8Bytes(assignedClientId));
  }

  private void properties(ByteBuf out) {
    if (sessionExpirySeconds >= 0) {
      out.writeByte(PropertyBlock.SESSION_EXPIRY).writeInt((int) sessionExpirySeconds);
    }
    out.writeByte(PropertyBlock.RECEIVE_MAXIMUM).writeShort(receiveMaximum);
    out.writeByte(PropertyBlock.MAXIMUM_PACKET_SIZE).writeInt(maximumPacketSize);
    out.writeByte(PropertyBlock.TOPIC_ALIAS_MAXIMUM).writeShort(topicAliasMaximum);
    if (keepAliveSeconds >= 0) {
      out.writeByte(SERVER_KEEP_ALIVE).writeShort(keepAliveSeconds);
    }
    if (assignedClientId != null) {
      PacketWriter.string(out, ASSIGNED_CLIENT_ID, assignedClientId);
    }
  }

  private static final int ASSIGNED_CLIENT_ID = 0x12;
  private static final int SERVER_KEEP_ALIVE = 0x13;
}
