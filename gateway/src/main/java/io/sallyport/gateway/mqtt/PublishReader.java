package io.sallyport.gateway.mqtt;

import io.netty.buffer.ByteBuf;
import io.sallyport.exchange.Reason;

/**
 * The fast path: reads a PUBLISH in place up to its payload. A topic that is the same as the last
 * one of its connection is recognised and neither copied nor checked again.
 */
public final class PublishReader {
  private static final byte[] NO_TOPIC = new byte[0];

  private final PropertyBlock properties;
  private final int levelsMax;
  private byte[] topic = NO_TOPIC;
  private int packetId;
  private int qos;
  private boolean dup;
  private boolean retain;

  PublishReader(PropertyBlock properties, int levelsMax) {
    this.properties = properties;
    this.levelsMax = levelsMax;
  }

  void read(PacketCursor cursor, int flags, ProtocolVersion version, byte[] lastTopic)
      throws MalformedPacket {
    qos = (flags >> 1) & 0x03;
    dup = (flags & 0x08) != 0;
    retain = (flags & 0x01) != 0;
    if (qos == 3 || (qos == 0 && dup)) {
      throw MalformedPacket.malformed("PUBLISH flags contradict each other");
    }
    int topicLength = cursor.u16();
    int topicAt = cursor.advance(topicLength);
    packetId = qos == 0 ? 0 : cursor.packetId();
    properties.none();
    if (version == ProtocolVersion.V5) {
      properties.read(cursor, PropertyBlock.ON_PUBLISH);
    }
    topic = topic(cursor.buffer(), topicAt, topicLength, lastTopic);
  }

  private byte[] topic(ByteBuf bytes, int at, int length, byte[] last) throws MalformedPacket {
    if (length == 0) {
      if (alias() == 0) {
        throw new MalformedPacket(Reason.TOPIC_NAME_INVALID, "topic name is empty");
      }
      return NO_TOPIC;
    }
    if (isSame(bytes, at, length, last)) {
      return last;
    }
    var copy = new byte[length];
    bytes.getBytes(at, copy);
    TopicSyntax.checkName(Utf8.checked(copy), levelsMax);
    return copy;
  }

  private static boolean isSame(ByteBuf bytes, int at, int length, byte[] last) {
    if (length != last.length) {
      return false;
    }
    for (int i = length - 1; i >= 0; i--) {
      if (bytes.getByte(at + i) != last[i]) {
        return false;
      }
    }
    return true;
  }

  /** The topic name, checked; empty if only an alias was sent. */
  public byte[] topic() {
    return topic;
  }

  /** The topic alias, 0 for none. */
  public int alias() {
    return (int) properties.number(PropertyBlock.TOPIC_ALIAS, 0);
  }

  /** 1 to 65535, or 0 for QoS 0. */
  public int packetId() {
    return packetId;
  }

  public int qos() {
    return qos;
  }

  public boolean isDup() {
    return dup;
  }

  public boolean isRetain() {
    return retain;
  }

  /** The message expiry interval in seconds, or -1 for none. */
  public long expirySeconds() {
    return properties.number(PropertyBlock.MESSAGE_EXPIRY, -1);
  }

  /** The properties that stay with the message, in wire form. */
  public byte[] travelling() {
    return properties.travelling();
  }
}
