package io.sallyport.conformance.normative;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.testkit.MqttClient.Packet;
import java.util.Arrays;

/** A PUBLISH as a client received it, taken apart. */
record Delivery(
    String topic, int qos, boolean dup, boolean retain, int id, String properties, String payload) {
  private static final int PUBLISH = 3;

  /** Takes a packet apart that must be a PUBLISH; properties become hexadecimal digits. */
  static Delivery of(Packet packet, int level) {
    if (packet.type() != PUBLISH) {
      throw new AssertionError("a PUBLISH was expected, not " + packet);
    }
    var qos = packet.flags() >> 1 & 3;
    var at = 2 + packet.u16(0);
    var id = qos == 0 ? 0 : packet.u16(at);
    at += qos == 0 ? 0 : 2;
    var properties = "";
    if (level == OnTheWire.V5) {
      var length = 0;
      var shift = 0;
      int b;
      do {
        b = packet.at(at++);
        length |= (b & 0x7F) << shift;
        shift += 7;
      } while (b >= 0x80);
      properties = OnTheWire.hex(Arrays.copyOfRange(packet.body(), at, at + length));
      at += length;
    }
    var payload = new String(Arrays.copyOfRange(packet.body(), at, packet.length()), UTF_8);
    return new Delivery(
        packet.topic(),
        qos,
        (packet.flags() & 8) != 0,
        (packet.flags() & 1) != 0,
        id,
        properties,
        payload);
  }
}
