package io.sallyport.gateway.connection;

import io.sallyport.gateway.mqtt.MalformedPacket;
import io.sallyport.gateway.mqtt.Packet;
import io.sallyport.gateway.mqtt.PacketReader;
import io.sallyport.gateway.mqtt.PacketType;
import io.sallyport.gateway.mqtt.PacketWriter;
import io.sallyport.ledger.EventType;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Hands each packet of an open session to the duty that decides it. */
final class Duties {
  private final GateContext gate;
  private final Admission admission;
  private final Publishing publishing;
  private final Subscribing subscribing;

  Duties(GateContext gate) {
    this.gate = gate;
    this.admission = new Admission(gate, this);
    var answering = new Answering(gate);
    this.publishing = new Publishing(gate, this, answering);
    this.subscribing = new Subscribing(gate, this, answering);
  }

  Admission admission() {
    return admission;
  }

  Subscribing subscribing() {
    return subscribing;
  }

  /** A CONNECT; one that cannot be read is answered as far as its version could. */
  void connect(Connection connection, PacketReader reader, int flags) throws MalformedPacket {
    Packet.Connect connect;
    try {
      connect = reader.connect(flags);
    } catch (MalformedPacket e) {
      admission.refuseMalformed(connection, reader, e.reason());
      throw e;
    }
    admission.admit(connection, connect);
  }

  void packet(Client client, PacketReader reader, int type, int flags) throws MalformedPacket {
    var version = client.version();
    switch (type) {
      case PacketType.PUBLISH -> publishing.publish(client, reader, flags);
      case PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP ->
          acknowledged(client, type, reader.acknowledged(type, flags, version));
      case PacketType.SUBSCRIBE -> subscribing.subscribe(client, reader.subscribe(flags, version));
      case PacketType.UNSUBSCRIBE ->
          subscribing.unsubscribe(client, reader.unsubscribe(flags, version));
      case PacketType.PINGREQ -> {
        reader.ping(flags);
        PacketWriter.pong(client.out().room(PacketWriter.SMALL_MAX));
      }
      case PacketType.DISCONNECT -> {
        var packet = reader.disconnect(flags, version);
        disconnect(client, packet.withWill(), packet.sessionExpirySeconds());
      }
      default -> throw MalformedPacket.unexpected(type);
    }
  }

  private static void acknowledged(Client client, int type, int signedId) {
    var session = client.session();
    int id = Math.abs(signedId);
    switch (type) {
      case PacketType.PUBACK -> session.puback(id);
      case PacketType.PUBREC -> session.pubrec(id, signedId < 0);
      case PacketType.PUBREL -> session.pubrel(id);
      default -> session.pubcomp(id);
    }
  }

  private void disconnect(Client client, boolean withWill, long expiry) throws MalformedPacket {
    if (expiry > 0 && !client.isExpiring()) {
      throw MalformedPacket.expiryFromNothing();
    }
    client.disconnected(withWill, Math.min(expiry, gate.limits().sessionExpirySecondsMax()));
    client.connection().left();
  }

  void report(
      EventType type, String who, String reason, String address, Map<String, String> facts) {
    gate.denials().report(type, who, reason, all(reason, address, facts));
  }

  /** Reports what a policy denied, with a trace of why. */
  void report(
      EventType type,
      String who,
      String reason,
      String address,
      Map<String, String> facts,
      Supplier<String> trace) {
    gate.denials().report(type, who, reason, all(reason, address, facts), trace);
  }

  void report(
      EventType type,
      Client client,
      String reason,
      Map<String, String> facts,
      Supplier<String> trace) {
    var who = client.principal().value();
    report(type, who, reason, client.connection().source(), facts, trace);
  }

  private static Map<String, String> all(String reason, String address, Map<String, String> facts) {
    var all = new TreeMap<>(facts);
    all.putIfAbsent("reason", reason);
    all.put("address", address);
    return all;
  }
}
