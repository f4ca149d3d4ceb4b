package io.sallyport.conformance.normative;

import io.sallyport.testkit.MqttClient.Packet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A CONNACK of version 5, with its properties by their identifiers. */
record Connack(int code, Map<Integer, byte[]> properties) {
  /** Takes a packet apart that must be a CONNACK. */
  static Connack of(Packet packet) {
    var body = packet.body();
    var properties = new HashMap<Integer, byte[]>();
    // The flags, the code and a length of one byte.
    for (var at = 3; at < body.length; ) {
      var id = body[at] & 0xFF;
      var length =
          switch (id) {
            case 0x11, 0x27 -> 4;
            case 0x13, 0x21, 0x22 -> 2;
            case 0x24, 0x25, 0x28, 0x29, 0x2A -> 1;
            case 0x12, 0x15, 0x16, 0x1A, 0x1C, 0x1F ->
                2 + (((body[at + 1] & 0xFF) << 8) | (body[at + 2] & 0xFF));
            default -> throw new AssertionError("property " + id + " in a CONNACK");
          };
      if (properties.put(id, Arrays.copyOfRange(body, at + 1, at + 1 + length)) != null) {
        throw new AssertionError("property " + id + " stands there twice");
      }
      at += 1 + length;
    }
    return new Connack(packet.at(1), properties);
  }

  /** A number of two bytes, or 0 if it is not said. */
  int number(int property) {
    var bytes = properties.getOrDefault(property, new byte[2]);
    return ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
  }
}
