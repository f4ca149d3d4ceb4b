package io.sallyport.gateway.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Reason;
import org.jspecify.annotations.Nullable;

/** Writes what a client is sent. Reason strings are for MQTT 5 and may be null for none. */
public final class PacketWriter {
  /** Room that every packet but PUBLISH, SUBACK and UNSUBACK fits in. */
  public static final int SMALL_MAX = 512;

  private static final int REASON_STRING_MAX = 160;

  private PacketWriter() {}

  /** The bytes that a variable byte integer takes. */
  public static int varintLength(int value) {
    return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
  }

  /** Writes a variable byte integer. */
  public static void varint(ByteBuf out, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.writeByte((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  /**
   * A CONNACK that refuses.
   *
   * @param server where MQTT 5 clients are told to go instead, or null
   */
  public static void refuse(
      ByteBuf out,
      ProtocolVersion version,
      Reason reason,
      @Nullable String text,
      @Nullable String server) {
    out.writeByte(PacketType.CONNACK << 4);
    if (version == ProtocolVersion.V3_1_1) {
      out.writeByte(2).writeByte(0).writeByte(returnCode(reason));
      return;
    }
    int block = reasonStringLength(text) + serverLength(server);
    varint(out, 2 + varintLength(block) + block);
    out.writeByte(0).writeByte(ofConnack(reason).code());
    varint(out, block);
    reasonString(out, text);
    server(out, server);
  }

  /** MQTT 5, table 3-1: CONNACK has not all the reasons that DISCONNECT has. */
  private static Reason ofConnack(Reason reason) {
    return switch (reason) {
      case SERVER_SHUTTING_DOWN -> Reason.SERVER_UNAVAILABLE;
      case KEEP_ALIVE_TIMEOUT -> Reason.SERVER_BUSY;
      case ADMINISTRATIVE_ACTION -> Reason.NOT_AUTHORIZED;
      case SESSION_TAKEN_OVER,
          TOPIC_FILTER_INVALID,
          TOPIC_ALIAS_INVALID,
          PACKET_IDENTIFIER_IN_USE,
          PACKET_IDENTIFIER_NOT_FOUND,
          RECEIVE_MAXIMUM_EXCEEDED,
          MESSAGE_RATE_TOO_HIGH ->
          Reason.UNSPECIFIED_ERROR;
      default -> reason;
    };
  }

  /** MQTT 5, table 3-13: DISCONNECT has not all the reasons that CONNACK and PUBACK have. */
  private static Reason ofDisconnect(Reason reason) {
    return switch (reason) {
      case SERVER_UNAVAILABLE -> Reason.SERVER_BUSY;
      case UNSUPPORTED_PROTOCOL_VERSION,
          CLIENT_IDENTIFIER_NOT_VALID,
          BAD_AUTHENTICATION_METHOD,
          PACKET_IDENTIFIER_IN_USE,
          PACKET_IDENTIFIER_NOT_FOUND ->
          Reason.UNSPECIFIED_ERROR;
      default -> reason;
    };
  }

  /** The CONNACK return code of MQTT 3.1.1 (3.2.2.3) that says most nearly the same. */
  private static int returnCode(Reason reason) {
    return switch (reason) {
      case UNSUPPORTED_PROTOCOL_VERSION -> 1;
      case CLIENT_IDENTIFIER_NOT_VALID -> 2;
      case SERVER_UNAVAILABLE,
          SERVER_BUSY,
          SERVER_SHUTTING_DOWN,
          QUOTA_EXCEEDED,
          USE_ANOTHER_SERVER,
          SERVER_MOVED ->
          3;
      default -> 5;
    };
  }

  /** PUBACK, PUBREC, PUBREL or PUBCOMP. */
  public static void acknowledge(
      ByteBuf out,
      ProtocolVersion version,
      int type,
      int packetId,
      Reason reason,
      @Nullable String text) {
    out.writeByte((type << 4) | (type == PacketType.PUBREL ? 2 : 0));
    if (version == ProtocolVersion.V3_1_1 || reason == Reason.SUCCESS) {
      out.writeByte(2).writeShort(packetId);
      return;
    }
    int block = reasonStringLength(text);
    if (block == 0) {
      out.writeByte(3).writeShort(packetId).writeByte(reason.code());
      return;
    }
    varint(out, 3 + varintLength(block) + block);
    out.writeShort(packetId).writeByte(reason.code());
    varint(out, block);
    reasonString(out, text);
  }

  /** The bytes that a SUBACK or UNSUBACK takes. */
  public static int resultsLength(int count) {
    return 8 + count;
  }

  /** A SUBACK: a granted QoS or a failure for each filter. */
  public static void suback(ByteBuf out, ProtocolVersion version, int packetId, int[] codes) {
    results(out, version, PacketType.SUBACK, packetId, codes);
  }

  /** An UNSUBACK; MQTT 3.1.1 has no results in it. */
  public static void unsuback(ByteBuf out, ProtocolVersion version, int packetId, int[] codes) {
    results(out, version, PacketType.UNSUBACK, packetId, codes);
  }

  private static void results(
      ByteBuf out, ProtocolVersion version, int type, int packetId, int[] codes) {
    boolean v5 = version == ProtocolVersion.V5;
    boolean withCodes = v5 || type == PacketType.SUBACK;
    out.writeByte(type << 4);
    varint(out, 2 + (v5 ? 1 : 0) + (withCodes ? codes.length : 0));
    out.writeShort(packetId);
    if (v5) {
      out.writeByte(0);
    }
    if (withCodes) {
      for (int code : codes) {
        // MQTT 3.1.1, 3.9.3: there is one failure, 0x80.
        out.writeByte(v5 || code < 0x80 ? code : 0x80);
      }
    }
  }

  /** A PINGRESP. */
  public static void pong(ByteBuf out) {
    out.writeByte(PacketType.PINGRESP << 4).writeByte(0);
  }

  /**
   * A DISCONNECT of the server; only MQTT 5 has one.
   *
   * @param server where to go instead, or null
   */
  public static void disconnect(
      ByteBuf out, Reason reason, @Nullable String text, @Nullable String server) {
    out.writeByte(PacketType.DISCONNECT << 4);
    int block = reasonStringLength(text) + serverLength(server);
    int code = ofDisconnect(reason).code();
    if (block == 0) {
      out.writeByte(1).writeByte(code);
      return;
    }
    varint(out, 1 + varintLength(block) + block);
    out.writeByte(code);
    varint(out, block);
    reasonString(out, text);
    server(out, server);
  }

  /**
   * The properties' length of an MQTT 5 delivery.
   *
   * @param expiry the remaining expiry in seconds, or -1 for none
   */
  public static int deliveryProperties(Message message, long expiry, int @Nullable [] identifiers) {
    int length = message.properties().length + (expiry < 0 ? 0 : 5);
    if (identifiers != null) {
      for (int identifier : identifiers) {
        length += 1 + varintLength(identifier);
      }
    }
    return length;
  }

  /** A delivery up to its payload: fixed header, topic, packet id and, for MQTT 5, properties. */
  public static void deliveryHead(
      ByteBuf out, int flags, int remaining, Message message, int packetId) {
    out.writeByte((PacketType.PUBLISH << 4) | flags);
    varint(out, remaining);
    out.writeShort(message.topic().length).writeBytes(message.topic());
    if (packetId != 0) {
      out.writeShort(packetId);
    }
  }

  /**
   * A PUBLISH of the server's own: not retained, without properties.
   *
   * @param packetId 1 to 65535 for QoS 1, or 0 for QoS 0
   */
  public static void publish(
      ByteBuf out, ProtocolVersion version, byte[] topic, byte[] payload, int packetId) {
    boolean v5 = version == ProtocolVersion.V5;
    out.writeByte((PacketType.PUBLISH << 4) | (packetId == 0 ? 0 : 2));
    varint(out, 2 + topic.length + (packetId == 0 ? 0 : 2) + (v5 ? 1 : 0) + payload.length);
    out.writeShort(topic.length).writeBytes(topic);
    if (packetId != 0) {
      out.writeShort(packetId);
    }
    if (v5) {
      out.writeByte(0);
    }
    out.writeBytes(payload);
  }

  /** The bytes that such a PUBLISH takes at most. */
  public static int publishLength(byte[] topic, byte[] payload) {
    return 10 + topic.length + payload.length;
  }

  /** The properties of an MQTT 5 delivery. */
  public static void deliveryProperties(
      ByteBuf out, int length, Message message, long expiry, int @Nullable [] identifiers) {
    varint(out, length);
    if (expiry >= 0) {
      out.writeByte(PropertyBlock.MESSAGE_EXPIRY).writeInt((int) expiry);
    }
    if (identifiers != null) {
      for (int identifier : identifiers) {
        out.writeByte(PropertyBlock.SUBSCRIPTION_ID);
        varint(out, identifier);
      }
    }
    out.writeBytes(message.properties());
  }

  private static int reasonStringLength(@Nullable String text) {
    return text == null ? 0 : 3 + ByteBufUtil.utf8Bytes(bounded(text));
  }

  private static void reasonString(ByteBuf out, @Nullable String text) {
    if (text != null) {
      string(out, PropertyBlock.REASON_STRING, bounded(text));
    }
  }

  private static int serverLength(@Nullable String server) {
    return server == null ? 0 : 3 + ByteBufUtil.utf8Bytes(server);
  }

  private static void server(ByteBuf out, @Nullable String server) {
    if (server != null) {
      string(out, PropertyBlock.SERVER_REFERENCE, server);
    }
  }

  static void string(ByteBuf out, int identifier, String text) {
    out.writeByte(identifier).writeShort(ByteBufUtil.utf8Bytes(text));
    ByteBufUtil.writeUtf8(out, text);
  }

  private static String bounded(String text) {
    return text.length() <= REASON_STRING_MAX ? text : text.substring(0, REASON_STRING_MAX);
  }
}
