package io.sallyport.gateway.mqtt;

import io.sallyport.exchange.Reason;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The properties of one MQTT 5 packet (2.2.2), each allowed there and none twice. Reused by its
 * thread: read what is needed before the next packet.
 */
final class PropertyBlock {
  static final int PAYLOAD_FORMAT = 0x01;
  static final int MESSAGE_EXPIRY = 0x02;
  static final int CONTENT_TYPE = 0x03;
  static final int RESPONSE_TOPIC = 0x08;
  static final int CORRELATION_DATA = 0x09;
  static final int SUBSCRIPTION_ID = 0x0B;
  static final int SESSION_EXPIRY = 0x11;
  static final int AUTHENTICATION_METHOD = 0x15;
  static final int AUTHENTICATION_DATA = 0x16;
  static final int REQUEST_PROBLEM_INFORMATION = 0x17;
  static final int WILL_DELAY = 0x18;
  static final int REQUEST_RESPONSE_INFORMATION = 0x19;
  static final int SERVER_REFERENCE = 0x1C;
  static final int REASON_STRING = 0x1F;
  static final int RECEIVE_MAXIMUM = 0x21;
  static final int TOPIC_ALIAS_MAXIMUM = 0x22;
  static final int TOPIC_ALIAS = 0x23;
  static final int USER_PROPERTY = 0x26;
  static final int MAXIMUM_PACKET_SIZE = 0x27;

  static final long ON_CONNECT =
      set(
          SESSION_EXPIRY,
          AUTHENTICATION_METHOD,
          AUTHENTICATION_DATA,
          REQUEST_PROBLEM_INFORMATION,
          REQUEST_RESPONSE_INFORMATION,
          RECEIVE_MAXIMUM,
          TOPIC_ALIAS_MAXIMUM,
          USER_PROPERTY,
          MAXIMUM_PACKET_SIZE);
  static final long ON_PUBLISH =
      set(
          PAYLOAD_FORMAT,
          MESSAGE_EXPIRY,
          CONTENT_TYPE,
          RESPONSE_TOPIC,
          CORRELATION_DATA,
          TOPIC_ALIAS,
          USER_PROPERTY);
  static final long ON_WILL =
      set(
          PAYLOAD_FORMAT,
          MESSAGE_EXPIRY,
          CONTENT_TYPE,
          RESPONSE_TOPIC,
          CORRELATION_DATA,
          WILL_DELAY,
          USER_PROPERTY);
  static final long ON_ACKNOWLEDGEMENT = set(REASON_STRING, USER_PROPERTY);
  static final long ON_SUBSCRIBE = set(SUBSCRIPTION_ID, USER_PROPERTY);
  static final long ON_UNSUBSCRIBE = set(USER_PROPERTY);
  static final long ON_DISCONNECT = set(SESSION_EXPIRY, REASON_STRING, USER_PROPERTY);

  /** What stays with the message from publisher to subscriber, unchanged (MQTT 5, 3.3.2.3). */
  private static final long TRAVELLING =
      set(PAYLOAD_FORMAT, CONTENT_TYPE, RESPONSE_TOPIC, CORRELATION_DATA, USER_PROPERTY);

  private static final byte[] NONE = new byte[0];

  private final int userPropertiesMax;
  private final int userPropertyBytesMax;
  private int userProperties;
  private int userPropertyBytes;
  private long seen;
  private final long[] numbers = new long[MAXIMUM_PACKET_SIZE + 1];
  private byte[] travelling = NONE;

  /**
   * A block.
   *
   * @param userPropertiesMax most user properties of one block
   * @param userPropertyBytesMax most bytes of their names and values together
   */
  PropertyBlock(int userPropertiesMax, int userPropertyBytesMax) {
    this.userPropertiesMax = userPropertiesMax;
    this.userPropertyBytesMax = userPropertyBytesMax;
  }

  private static long set(int... identifiers) {
    long set = 0;
    for (int identifier : identifiers) {
      set |= 1L << identifier;
    }
    return set;
  }

  /** Reads a block with its length before it; only what is allowed may be in it. */
  void read(PacketCursor cursor, long allowed) throws MalformedPacket {
    seen = 0;
    userProperties = 0;
    userPropertyBytes = 0;
    travelling = NONE;
    int length = cursor.varint();
    if (length == 0) {
      return;
    }
    if (length > cursor.remaining()) {
      throw MalformedPacket.malformed("properties are longer than the packet");
    }
    int start = cursor.position();
    byte @Nullable [] kept =
        (allowed & TRAVELLING & ~set(USER_PROPERTY)) == 0 ? null : copy(cursor, length);
    int keptLength = 0;
    while (cursor.position() - start < length) {
      int from = cursor.position() - start;
      int identifier = readOne(cursor, allowed);
      int to = cursor.position() - start;
      if (kept != null && to <= length && (TRAVELLING & (1L << identifier)) != 0) {
        System.arraycopy(kept, from, kept, keptLength, to - from);
        keptLength += to - from;
      }
    }
    if (cursor.position() - start != length) {
      throw MalformedPacket.malformed("a property is longer than the properties");
    }
    if (kept != null && keptLength > 0) {
      travelling = keptLength == length ? kept : Arrays.copyOf(kept, keptLength);
    }
  }

  /** No properties at all: an MQTT 3.1.1 packet, or an MQTT 5 one that leaves them out. */
  void none() {
    seen = 0;
    travelling = NONE;
  }

  boolean has(int identifier) {
    return (seen & (1L << identifier)) != 0;
  }

  /** A numeric property, or what is meant if it is absent. */
  long number(int identifier, long absent) {
    return has(identifier) ? numbers[identifier] : absent;
  }

  /** The properties that stay with the message, in wire form. */
  byte[] travelling() {
    return travelling;
  }

  private static byte[] copy(PacketCursor cursor, int length) {
    var copy = new byte[length];
    cursor.buffer().getBytes(cursor.position(), copy);
    return copy;
  }

  private int readOne(PacketCursor cursor, long allowed) throws MalformedPacket {
    int identifier = cursor.varint();
    if (identifier >= 64 || (allowed & (1L << identifier)) == 0) {
      throw MalformedPacket.malformed("a property that may not stand here: " + identifier);
    }
    if (identifier != USER_PROPERTY && has(identifier)) {
      throw MalformedPacket.protocolError("a property twice: " + identifier);
    }
    seen |= 1L << identifier;
    switch (identifier) {
      case PAYLOAD_FORMAT, REQUEST_PROBLEM_INFORMATION, REQUEST_RESPONSE_INFORMATION ->
          numbers[identifier] = flag(cursor);
      case RECEIVE_MAXIMUM, TOPIC_ALIAS -> numbers[identifier] = positive(cursor.u16());
      case TOPIC_ALIAS_MAXIMUM -> numbers[identifier] = cursor.u16();
      case MAXIMUM_PACKET_SIZE -> numbers[identifier] = positive(cursor.u32());
      case MESSAGE_EXPIRY, SESSION_EXPIRY, WILL_DELAY -> numbers[identifier] = cursor.u32();
      case SUBSCRIPTION_ID -> numbers[identifier] = positive(cursor.varint());
      case RESPONSE_TOPIC -> TopicSyntax.checkName(cursor.utf8(), Integer.MAX_VALUE);
      case CONTENT_TYPE, REASON_STRING, AUTHENTICATION_METHOD -> cursor.utf8();
      case CORRELATION_DATA, AUTHENTICATION_DATA -> cursor.binary();
      case USER_PROPERTY -> userProperty(cursor);
      default -> throw new IllegalStateException("property allowed but not read: " + identifier);
    }
    return identifier;
  }

  private void userProperty(PacketCursor cursor) throws MalformedPacket {
    userProperties++;
    userPropertyBytes += cursor.utf8().length + cursor.utf8().length;
    if (userProperties > userPropertiesMax || userPropertyBytes > userPropertyBytesMax) {
      throw new MalformedPacket(Reason.QUOTA_EXCEEDED, "more user properties than are taken");
    }
  }

  private static long flag(PacketCursor cursor) throws MalformedPacket {
    int value = cursor.u8();
    if (value > 1) {
      throw MalformedPacket.protocolError("a property that must be 0 or 1");
    }
    return value;
  }

  private static long positive(long value) throws MalformedPacket {
    if (value == 0) {
      throw MalformedPacket.protocolError("a property that must not be 0");
    }
    return value;
  }
}
