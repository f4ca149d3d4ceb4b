package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;

/** Reads the one CONNACK property that a closed loop must keep to (MQTT 5, 3.2.2.3). */
final class ConnackProperties {
  private ConnackProperties() {}

  /** The server's Receive Maximum, from a buffer that stands at the properties' length. */
  static int receiveMaximum(ByteBuf in) {
    var end = VariableInteger.read(in);
    end += in.readerIndex();
    while (in.readerIndex() < end) {
      var property = in.readUnsignedByte();
      if (property == 0x21) {
        return in.readUnsignedShort();
      }
      skip(in, property);
    }
    return Packets.RECEIVE_MAXIMUM;
  }

  private static void skip(ByteBuf in, int property) {
    switch (property) {
      case 0x24, 0x25, 0x28, 0x29, 0x2A -> in.skipBytes(1);
      case 0x13, 0x22 -> in.skipBytes(2);
      case 0x11, 0x27 -> in.skipBytes(4);
      case 0x12, 0x15, 0x16, 0x1A, 0x1C, 0x1F -> in.skipBytes(in.readUnsignedShort());
      case 0x26 -> {
        in.skipBytes(in.readUnsignedShort());
        in.skipBytes(in.readUnsignedShort());
      }
      default -> throw new LoadFailure("CONNACK has an unknown property: " + property);
    }
  }
}
