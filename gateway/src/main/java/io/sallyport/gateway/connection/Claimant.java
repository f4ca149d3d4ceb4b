package io.sallyport.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.sallyport.exchange.Reason;
import io.sallyport.gateway.meter.Denial;
import io.sallyport.gateway.mqtt.MalformedPacket;
import io.sallyport.gateway.mqtt.Packet;
import io.sallyport.gateway.mqtt.PacketReader;
import io.sallyport.gateway.mqtt.PacketType;
import io.sallyport.gateway.mqtt.PacketWriter;
import io.sallyport.gateway.mqtt.ProtocolVersion;
import io.sallyport.gateway.mqtt.Welcome;
import io.sallyport.gateway.topic.Caller;
import io.sallyport.gateway.topic.Grant;
import io.sallyport.gateway.topic.Reply;
import io.sallyport.gateway.topic.TopicDoor;
import io.sallyport.gateway.topic.TopicSettings;
import io.sallyport.ledger.EventType;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Somebody with a claim where MQTT is spoken: nobody yet, who may call the services that its claim
 * is for and do nothing else. It has no session, and nothing that it sends reaches the exchange;
 * one request is worked on at a time, and nothing is read meanwhile. It keeps its place among its
 * source's unfinished handshakes, and makes room for others as those do.
 */
final class Claimant implements Frames.Receiver {
  private static final String NOT_FOR_CLAIMS = "a claim may only call what it is bound to";
  private static final int CLIENT_ID_MAX = 128;
  private static final int PACKET_ID_MAX = 65_535;
  private static final byte[] NO_TOPIC = new byte[0];

  private final Connection connection;
  private final GateContext gate;
  private final TopicDoor door;
  private final X509Certificate shown;
  private final boolean isPlaced;
  private final Frames frames;

  /** The granted QoS of each filter that it has subscribed to. */
  private final Map<String, Integer> subscribed = new HashMap<>();

  private ProtocolVersion version = ProtocolVersion.V5;
  private @Nullable Caller caller;
  private Grant grant = Grant.NONE;
  private boolean greeted;
  private boolean waits;
  private int requests;
  private int lastPacketId;

  private Claimant(Connection connection, GateContext gate, TopicDoor door) {
    this.connection = connection;
    this.gate = gate;
    this.door = door;
    this.frames = new Frames(connection.channel(), TopicSettings.PACKET_MAX);
    this.shown = connection.authentication().introduction().getFirst();
    this.isPlaced = door.enter(shown);
    connection.guestHas(DeadlineWheel.ticks(gate.settings().connectTimeout()));
  }

  /** One at the end of its handshake; the door has to be there. */
  static Claimant at(Connection connection, GateContext gate, @Nullable TopicDoor door) {
    if (door == null) {
      throw new IllegalStateException("nobody introduces itself where there is no service");
    }
    return new Claimant(connection, gate, door);
  }

  /** Takes bytes that arrived; they stay the caller's to release. */
  void take(ByteBuf bytes) {
    try {
      frames.take(bytes, this);
    } catch (MalformedPacket e) {
      violated(e);
    }
  }

  /** Its connection is over. */
  void gone() {
    frames.release();
    door.leave(shown);
  }

  @Override
  public boolean isReceiving() {
    return connection.phase() == Phase.GUEST && !waits;
  }

  @Override
  public void begin(int first) throws MalformedPacket {
    if (caller == null && first >>> 4 != PacketType.CONNECT) {
      throw new MalformedPacket(Reason.PROTOCOL_ERROR, "the first packet is not CONNECT");
    }
  }

  @Override
  public void receive(int first, ByteBuf bytes, int start, int length) throws MalformedPacket {
    var reader = connection.loop().reader();
    reader.cursor().over(bytes, start, length);
    int type = first >>> 4;
    int flags = first & 0x0F;
    var known = caller;
    if (known == null) {
      connect(reader.connect(flags));
      return;
    }
    switch (type) {
      case PacketType.PUBLISH -> publish(known, reader, flags);
      case PacketType.SUBSCRIBE -> subscribe(reader.subscribe(flags, version));
      case PacketType.UNSUBSCRIBE -> unsubscribe(reader.unsubscribe(flags, version));
      // Nothing is sent twice on one connection, and nothing outlives it.
      case PacketType.PUBACK -> reader.acknowledged(type, flags, version);
      case PacketType.PINGREQ -> {
        reader.ping(flags);
        var out = room(PacketWriter.SMALL_MAX);
        PacketWriter.pong(out);
        send(out);
      }
      case PacketType.DISCONNECT -> {
        reader.disconnect(flags, version);
        connection.guestLeaves();
      }
      default -> throw MalformedPacket.unexpected(type);
    }
  }

  private void connect(Packet.Connect connect) throws MalformedPacket {
    version = connect.version();
    if (connect.enhancedAuthentication()) {
      refuse(Denial.CONNECT_AUTHENTICATION_METHOD, Reason.BAD_AUTHENTICATION_METHOD);
    } else if (connect.clientId().length() > CLIENT_ID_MAX) {
      refuse(Denial.CONNECT_CLIENT_ID, Reason.CLIENT_IDENTIFIER_NOT_VALID);
    } else if (connect.will() != null) {
      refuse(Denial.CONNECT_WILL, Reason.NOT_AUTHORIZED);
    } else if (!isPlaced) {
      gate.counters().refusedFull.increment();
      refuse(Denial.CONNECT_CONNECTIONS, Reason.QUOTA_EXCEEDED);
    } else if (gate.draining().departure() != null || gate.failClosed().isClosed()) {
      refuse(Denial.CONNECT_DRAINING, Reason.SERVER_UNAVAILABLE);
    } else {
      var comer =
          new Caller(
              connection.source(), connect.clientId(), connection.authentication().introduction());
      caller = comer;
      connection.guestHas(DeadlineWheel.ticks(door.settings().lifetime()));
      begins();
      door.admit(connection.channel().eventLoop(), comer, this::admitted);
    }
  }

  private void admitted(Grant granted) {
    if (connection.phase() != Phase.GUEST) {
      return;
    }
    if (!granted.isSomething()) {
      connection.entrance().failed("CONNECT refused: the claim is good for nothing here");
      refuse(Denial.CONNECT_NOT_ACTIVE, Reason.NOT_AUTHORIZED);
      return;
    }
    grant = granted;
    greeted = true;
    var out = room(PacketWriter.SMALL_MAX);
    // MQTT 5, 3.1.2.11.2: its session ends with its connection, whatever it asked for.
    new Welcome(0, 1, TopicSettings.PACKET_MAX, 0, -1, null).write(out, version, false);
    send(out);
    goesOn();
  }

  private void publish(Caller known, PacketReader reader, int flags) throws MalformedPacket {
    var publish = reader.publish(flags, version, NO_TOPIC);
    if (publish.alias() != 0) {
      throw new MalformedPacket(Reason.TOPIC_ALIAS_INVALID, "topic alias above the maximum");
    }
    var topic = new String(publish.topic(), StandardCharsets.UTF_8);
    if (publish.isRetain() || !grant.requests().contains(topic)) {
      denied(EventType.PUBLISH_DENIED, "topic", topic);
      end(Denial.PUBLISH_RESERVED, Reason.NOT_AUTHORIZED);
    } else if (publish.qos() > 1) {
      end(Denial.PACKET_MALFORMED, Reason.QOS_NOT_SUPPORTED);
    } else if (++requests > door.settings().requestsMax()) {
      end(Denial.PUBLISH_MESSAGE_RATE, Reason.QUOTA_EXCEEDED);
    } else {
      int packetId = publish.packetId();
      begins();
      door.ask(
          connection.channel().eventLoop(),
          known,
          topic,
          reader.cursor().rest(),
          reply -> answered(packetId, reply));
    }
  }

  private void answered(int packetId, Reply reply) {
    if (connection.phase() != Phase.GUEST) {
      return;
    }
    if (packetId != 0) {
      var out = room(PacketWriter.SMALL_MAX);
      PacketWriter.acknowledge(out, version, PacketType.PUBACK, packetId, Reason.SUCCESS, null);
      send(out);
    }
    var qos = qosOf(reply.topic());
    if (qos != null) {
      var topic = reply.topic().getBytes(StandardCharsets.UTF_8);
      var out = room(PacketWriter.publishLength(topic, reply.payload()));
      PacketWriter.publish(out, version, topic, reply.payload(), qos == 0 ? 0 : nextPacketId());
      send(out);
    }
    goesOn();
  }

  private @Nullable Integer qosOf(String topic) {
    var exact = subscribed.get(topic);
    return exact != null
        ? exact
        : subscribed.get(topic.substring(0, topic.lastIndexOf('/') + 1) + "+");
  }

  private int nextPacketId() {
    lastPacketId = lastPacketId == PACKET_ID_MAX ? 1 : lastPacketId + 1;
    return lastPacketId;
  }

  private void subscribe(Packet.Subscribe packet) {
    var asked = packet.subscriptions();
    var codes = new int[asked.size()];
    for (int i = 0; i < codes.length; i++) {
      var filter = asked.get(i).filter();
      if (i < TopicSettings.FILTERS_MAX && grant.replies().contains(filter)) {
        codes[i] = Math.min(asked.get(i).maximumQos(), 1);
        subscribed.put(filter, codes[i]);
      } else {
        codes[i] = Reason.NOT_AUTHORIZED.code();
        gate.counters().subscribesDenied.increment();
        gate.meters().denied(Denial.SUBSCRIBE_POLICY);
        denied(EventType.SUBSCRIBE_DENIED, "filter", filter);
      }
    }
    var out = room(PacketWriter.resultsLength(codes.length));
    PacketWriter.suback(out, version, packet.packetId(), codes);
    send(out);
  }

  private void unsubscribe(Packet.Unsubscribe packet) {
    var codes = new int[packet.filters().size()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] =
          (subscribed.remove(packet.filters().get(i)) == null
                  ? Reason.NO_SUBSCRIPTION_EXISTED
                  : Reason.SUCCESS)
              .code();
    }
    var out = room(PacketWriter.resultsLength(codes.length));
    PacketWriter.unsuback(out, version, packet.packetId(), codes);
    send(out);
  }

  /** Nothing is read while something is worked on. */
  private void begins() {
    waits = true;
    connection.pause(Pause.UNANSWERED);
  }

  private void goesOn() {
    waits = false;
    connection.resume(Pause.UNANSWERED);
    try {
      frames.resume(this);
    } catch (MalformedPacket e) {
      violated(e);
    }
  }

  private void violated(MalformedPacket e) {
    gate.counters().violations.increment();
    end(Denial.of(e.reason()), e.reason());
  }

  private void refuse(Denial denial, Reason reason) {
    gate.counters().connectsRefused.increment();
    gate.meters().denied(denial);
    var out = room(PacketWriter.SMALL_MAX);
    PacketWriter.refuse(out, version, reason, null, null);
    send(out);
    connection.guestLeaves();
  }

  private void end(Denial denial, Reason reason) {
    gate.meters().denied(denial);
    if (greeted && version == ProtocolVersion.V5) {
      var out = room(PacketWriter.SMALL_MAX);
      var why = reason == Reason.NOT_AUTHORIZED ? NOT_FOR_CLAIMS : null;
      PacketWriter.disconnect(out, reason, why, null);
      send(out);
    }
    connection.guestLeaves();
  }

  /** Tells what a claim tried that it may not, and counts it against its source. */
  private void denied(EventType type, String what, String name) {
    connection.entrance().failed(NOT_FOR_CLAIMS);
    var facts = new TreeMap<String, String>();
    facts.put(what, name);
    facts.put("reason", NOT_FOR_CLAIMS);
    facts.put("address", connection.source());
    gate.denials().report(type, connection.source(), NOT_FOR_CLAIMS, facts);
  }

  private ByteBuf room(int bytes) {
    return connection.channel().alloc().directBuffer(bytes);
  }

  // A write that fails closes the channel.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void send(ByteBuf out) {
    connection.channel().writeAndFlush(out, connection.channel().voidPromise());
  }
}
