package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** The few MQTT 5 packets that a load generator sends, written straight into buffers. */
final class Packets {
  static final int CONNACK = 2;
  static final int PUBLISH = 3;
  static final int PUBACK = 4;
  static final int SUBACK = 9;

  /** What a client offers to take unacknowledged, so that no window of its own slows a server. */
  static final int RECEIVE_MAXIMUM = 65_535;

  private static final int KEEP_ALIVE_SECONDS = 1_200;

  private Packets() {}

  /** A CONNECT; an expiry above 0 asks for a session that outlives its connection. */
  static ByteBuf connect(String clientId, long expirySeconds) {
    var variable = Unpooled.buffer(64);
    utf8(variable, "MQTT");
    variable.writeByte(5);
    variable.writeByte(expirySeconds > 0 ? 0 : 2);
    variable.writeShort(KEEP_ALIVE_SECONDS);
    variable.writeByte(8);
    variable.writeByte(0x11).writeInt((int) expirySeconds);
    variable.writeByte(0x21).writeShort(RECEIVE_MAXIMUM);
    utf8(variable, clientId);
    return packet(0x10, variable);
  }

  /** A SUBSCRIBE with one filter. */
  static ByteBuf subscribe(String filter, int qos) {
    var variable = Unpooled.buffer(64);
    variable.writeShort(1);
    variable.writeByte(0);
    utf8(variable, filter);
    variable.writeByte(qos);
    return packet(0x82, variable);
  }

  static ByteBuf disconnect() {
    return Unpooled.wrappedBuffer(new byte[] {(byte) 0xE0, 0});
  }

  /** A PUBLISH whose packet identifier and first payload bytes are to be written over. */
  static byte[] publish(String topic, int qos, int payloadBytes) {
    var variable = Unpooled.buffer(64 + payloadBytes);
    utf8(variable, topic);
    if (qos > 0) {
      variable.writeShort(0);
    }
    variable.writeByte(0);
    variable.writeZero(payloadBytes);
    return ByteBufUtil.getBytes(packet(0x30 | qos << 1, variable));
  }

  static void puback(ByteBuf out, int packetId) {
    out.writeShort(0x4002).writeShort(packetId);
  }

  private static ByteBuf packet(int firstByte, ByteBuf variable) {
    var packet = Unpooled.buffer(5 + variable.readableBytes());
    packet.writeByte(firstByte);
    var length = variable.readableBytes();
    do {
      var low = length & 0x7F;
      length >>>= 7;
      packet.writeByte(length > 0 ? low | 0x80 : low);
    } while (length > 0);
    return packet.writeBytes(variable);
  }

  private static void utf8(ByteBuf out, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeShort(bytes.length).writeBytes(bytes);
  }
}
