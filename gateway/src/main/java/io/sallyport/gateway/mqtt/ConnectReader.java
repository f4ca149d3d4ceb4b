package io.sallyport.gateway.mqtt;

import io.sallyport.exchange.Reason;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads a CONNECT (MQTT 3.1.1 and 5, 3.1). */
final class ConnectReader {
  static final int LEVEL_V5 = 5;
  private static final int LEVEL_V3_1_1 = 4;
  private static final int LEVEL_V3_1 = 3;
  private static final int CLEAN_START = 0x02;
  private static final int WILL = 0x04;
  private static final int WILL_RETAIN = 0x20;
  private static final int PASSWORD = 0x40;
  private static final int USER_NAME = 0x80;
  private static final long EXPIRY_NEVER = 0xFFFF_FFFFL;

  private ConnectReader() {}

  static Packet.Connect read(
      PacketCursor cursor, PropertyBlock properties, ProtocolVersion version, int levelsMax)
      throws MalformedPacket {
    int flags = flags(cursor, version);
    int keepAlive = cursor.u16();
    properties.none();
    if (version == ProtocolVersion.V5) {
      properties.read(cursor, PropertyBlock.ON_CONNECT);
    }
    boolean cleanStart = (flags & CLEAN_START) != 0;
    long expiry = sessionExpiry(version, cleanStart, properties);
    int receiveMaximum = (int) properties.number(PropertyBlock.RECEIVE_MAXIMUM, 0xFFFF);
    long packetSize = properties.number(PropertyBlock.MAXIMUM_PACKET_SIZE, Long.MAX_VALUE);
    boolean problems = properties.number(PropertyBlock.REQUEST_PROBLEM_INFORMATION, 1) == 1;
    boolean enhanced = enhancedAuthentication(properties);
    var clientId = cursor.text();
    var will = (flags & WILL) == 0 ? null : will(cursor, version, flags, properties, levelsMax);
    credentials(cursor, flags);
    cursor.expectEnd();
    return new Packet.Connect(
        version,
        clientId,
        cleanStart,
        keepAlive,
        expiry,
        receiveMaximum,
        packetSize,
        problems,
        enhanced,
        will);
  }

  /** The protocol level, or 3 for the version before the name was changed. */
  static int level(PacketCursor cursor) throws MalformedPacket {
    var name = new String(cursor.binary(), StandardCharsets.ISO_8859_1);
    if (name.equals("MQIsdp")) {
      cursor.u8();
      return LEVEL_V3_1;
    }
    if (!name.equals("MQTT")) {
      throw MalformedPacket.malformed("protocol name is not MQTT");
    }
    return cursor.u8();
  }

  static ProtocolVersion version(int level) throws MalformedPacket {
    return switch (level) {
      case LEVEL_V3_1_1 -> ProtocolVersion.V3_1_1;
      case LEVEL_V5 -> ProtocolVersion.V5;
      default ->
          throw new MalformedPacket(Reason.UNSUPPORTED_PROTOCOL_VERSION, "protocol level " + level);
    };
  }

  private static int flags(PacketCursor cursor, ProtocolVersion version) throws MalformedPacket {
    int flags = cursor.u8();
    boolean willBitsAlone = (flags & WILL) == 0 && (flags & 0x38) != 0;
    boolean passwordAlone = (flags & (PASSWORD | USER_NAME)) == PASSWORD;
    if ((flags & 0x01) != 0
        || willBitsAlone
        || willQos(flags) == 3
        || (version == ProtocolVersion.V3_1_1 && passwordAlone)) {
      throw MalformedPacket.malformed("connect flags contradict each other");
    }
    return flags;
  }

  private static int willQos(int flags) {
    return (flags >> 3) & 0x03;
  }

  private static long sessionExpiry(
      ProtocolVersion version, boolean cleanStart, PropertyBlock properties) {
    if (version == ProtocolVersion.V3_1_1) {
      return cleanStart ? 0 : EXPIRY_NEVER;
    }
    return properties.number(PropertyBlock.SESSION_EXPIRY, 0);
  }

  private static boolean enhancedAuthentication(PropertyBlock properties) throws MalformedPacket {
    boolean method = properties.has(PropertyBlock.AUTHENTICATION_METHOD);
    if (properties.has(PropertyBlock.AUTHENTICATION_DATA) && !method) {
      throw MalformedPacket.protocolError("authentication data without a method");
    }
    return method;
  }

  private static Packet.@Nullable WillPart will(
      PacketCursor cursor,
      ProtocolVersion version,
      int flags,
      PropertyBlock properties,
      int levelsMax)
      throws MalformedPacket {
    properties.none();
    if (version == ProtocolVersion.V5) {
      properties.read(cursor, PropertyBlock.ON_WILL);
    }
    var topic = cursor.utf8();
    TopicSyntax.checkName(topic, levelsMax);
    return new Packet.WillPart(
        topic, cursor.binary(), properties, willQos(flags), (flags & WILL_RETAIN) != 0);
  }

  private static void credentials(PacketCursor cursor, int flags) throws MalformedPacket {
    if ((flags & USER_NAME) != 0) {
      cursor.utf8();
    }
    if ((flags & PASSWORD) != 0) {
      cursor.binary();
    }
  }
}
