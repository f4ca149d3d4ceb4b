package io.sallyport.gateway.mqtt;

import io.netty.buffer.Unpooled;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Subscription;
import io.sallyport.policy.SharedFilter;
import java.util.ArrayList;

/**
 * Reads what a client sends, strictly: a packet is exactly what the specification says or it is
 * refused. One per thread, for all its connections.
 */
public final class PacketReader {
  private static final int NO_LEVEL = -1;

  private final PropertyBlock properties;
  private final PacketCursor cursor = new PacketCursor(Unpooled.EMPTY_BUFFER);
  private final PublishReader publish;
  private final int levelsMax;
  private int level = NO_LEVEL;

  /**
   * A reader.
   *
   * @param levelsMax most levels of a topic name
   * @param userPropertiesMax most user properties of one packet, or of its Will
   * @param userPropertyBytesMax most bytes of their names and values together
   */
  public PacketReader(int levelsMax, int userPropertiesMax, int userPropertyBytesMax) {
    this.properties = new PropertyBlock(userPropertiesMax, userPropertyBytesMax);
    this.levelsMax = levelsMax;
    this.publish = new PublishReader(properties, levelsMax);
  }

  /** The cursor over the packet's inside, to be set before each packet. */
  public PacketCursor cursor() {
    return cursor;
  }

  /** Reads a CONNECT. */
  public Packet.Connect connect(int flags) throws MalformedPacket {
    level = NO_LEVEL;
    expectFlags(flags, 0);
    level = ConnectReader.level(cursor);
    return ConnectReader.read(cursor, properties, ConnectReader.version(level), levelsMax);
  }

  /** Whether the last CONNECT, however malformed, was one of MQTT 5. */
  public boolean isV5() {
    return level == ConnectReader.LEVEL_V5;
  }

  /** Whether the last CONNECT was of a version before MQTT 5. */
  public boolean isBelowV5() {
    return level < ConnectReader.LEVEL_V5;
  }

  /** Reads a PUBLISH up to its payload; what is returned is valid until the next packet. */
  public PublishReader publish(int flags, ProtocolVersion version, byte[] lastTopic)
      throws MalformedPacket {
    publish.read(cursor, flags, version, lastTopic);
    return publish;
  }

  /**
   * Reads a PUBACK, PUBREC, PUBREL or PUBCOMP.
   *
   * @return its packet id, negative if the client reports a failure
   */
  public int acknowledged(int type, int flags, ProtocolVersion version) throws MalformedPacket {
    expectFlags(flags, type == PacketType.PUBREL ? 2 : 0);
    int id = cursor.packetId();
    boolean failure = false;
    if (version == ProtocolVersion.V5 && cursor.remaining() > 0) {
      failure = isFailure(type, cursor.u8());
      if (cursor.remaining() > 0) {
        properties.read(cursor, PropertyBlock.ON_ACKNOWLEDGEMENT);
      }
    }
    cursor.expectEnd();
    return failure ? -id : id;
  }

  /** Reads a SUBSCRIBE. */
  public Packet.Subscribe subscribe(int flags, ProtocolVersion version) throws MalformedPacket {
    expectFlags(flags, 2);
    int id = cursor.packetId();
    properties.none();
    if (version == ProtocolVersion.V5) {
      properties.read(cursor, PropertyBlock.ON_SUBSCRIBE);
    }
    int identifier = (int) properties.number(PropertyBlock.SUBSCRIPTION_ID, 0);
    expectPayload();
    var subscriptions = new ArrayList<Subscription>(1);
    while (cursor.remaining() > 0) {
      subscriptions.add(subscription(version, identifier));
    }
    return new Packet.Subscribe(id, subscriptions);
  }

  /** Reads an UNSUBSCRIBE. */
  public Packet.Unsubscribe unsubscribe(int flags, ProtocolVersion version) throws MalformedPacket {
    expectFlags(flags, 2);
    int id = cursor.packetId();
    if (version == ProtocolVersion.V5) {
      properties.read(cursor, PropertyBlock.ON_UNSUBSCRIBE);
    }
    expectPayload();
    var filters = new ArrayList<String>(1);
    while (cursor.remaining() > 0) {
      filters.add(cursor.text());
    }
    return new Packet.Unsubscribe(id, filters);
  }

  /** Reads a PINGREQ. */
  public void ping(int flags) throws MalformedPacket {
    expectFlags(flags, 0);
    cursor.expectEnd();
  }

  /** Reads a DISCONNECT. */
  public Packet.Disconnect disconnect(int flags, ProtocolVersion version) throws MalformedPacket {
    expectFlags(flags, 0);
    if (version == ProtocolVersion.V3_1_1 || cursor.remaining() == 0) {
      cursor.expectEnd();
      return new Packet.Disconnect(false, -1);
    }
    int code = cursor.u8();
    if (code != 0 && code != 0x04 && code < 0x80) {
      throw MalformedPacket.malformed("unknown reason code in DISCONNECT");
    }
    properties.none();
    if (cursor.remaining() > 0) {
      properties.read(cursor, PropertyBlock.ON_DISCONNECT);
    }
    cursor.expectEnd();
    return new Packet.Disconnect(code != 0, properties.number(PropertyBlock.SESSION_EXPIRY, -1));
  }

  private Subscription subscription(ProtocolVersion version, int identifier)
      throws MalformedPacket {
    var filter = cursor.text();
    int options = cursor.u8();
    int qos = options & 0x03;
    int retainHandling = (options >> 4) & 0x03;
    int reserved = version == ProtocolVersion.V5 ? 0xC0 : 0xFC;
    if ((options & reserved) != 0 || qos == 3 || retainHandling == 3) {
      throw MalformedPacket.malformed("subscription options contradict each other");
    }
    boolean noLocal = (options & 0x04) != 0;
    if (noLocal && SharedFilter.isMeantBy(filter)) {
      throw MalformedPacket.protocolError("No Local on a shared subscription");
    }
    return new Subscription(
        filter, qos, noLocal, (options & 0x08) != 0, retainHandling, identifier);
  }

  private void expectPayload() throws MalformedPacket {
    if (cursor.remaining() == 0) {
      throw MalformedPacket.protocolError("no filter");
    }
  }

  private static boolean isFailure(int type, int code) throws MalformedPacket {
    boolean known =
        switch (type) {
          case PacketType.PUBREL, PacketType.PUBCOMP ->
              code == 0 || code == Reason.PACKET_IDENTIFIER_NOT_FOUND.code();
          default -> code == 0 || code == 0x10 || code >= 0x80;
        };
    if (!known) {
      throw MalformedPacket.malformed("unknown reason code in an acknowledgement");
    }
    return code >= 0x80;
  }

  private static void expectFlags(int flags, int expected) throws MalformedPacket {
    if (flags != expected) {
      throw MalformedPacket.malformed("flags that are reserved");
    }
  }
}
