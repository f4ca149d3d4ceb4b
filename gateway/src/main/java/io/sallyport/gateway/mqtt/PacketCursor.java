package io.sallyport.gateway.mqtt;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Reads the inside of one packet and can never leave it. Reused from packet to packet by its
 * thread; nothing of it outlives the packet.
 */
public final class PacketCursor {
  private static final byte[] NONE = new byte[0];

  private ByteBuf bytes;
  private int index;
  private int end;

  /** A cursor that stands nowhere until {@link #over} is called. */
  public PacketCursor(ByteBuf nothing) {
    bytes = nothing;
  }

  /** Stands at the beginning of a packet's inside. */
  public PacketCursor over(ByteBuf buffer, int start, int length) {
    bytes = buffer;
    index = start;
    end = start + length;
    return this;
  }

  /** Where it stands in the buffer. */
  int position() {
    return index;
  }

  /** The buffer that it stands in. */
  ByteBuf buffer() {
    return bytes;
  }

  /** Bytes left in the packet. */
  public int remaining() {
    return end - index;
  }

  int u8() throws MalformedPacket {
    return bytes.getUnsignedByte(advance(1));
  }

  int u16() throws MalformedPacket {
    return bytes.getUnsignedShort(advance(2));
  }

  long u32() throws MalformedPacket {
    return bytes.getUnsignedInt(advance(4));
  }

  /** A variable byte integer in its shortest form (MQTT 5, 1.5.5). */
  int varint() throws MalformedPacket {
    int value = 0;
    for (int shift = 0; shift <= 21; shift += 7) {
      int b = u8();
      value |= (b & 0x7F) << shift;
      if (b < 0x80) {
        if (b == 0 && shift > 0) {
          throw MalformedPacket.malformed("variable byte integer is not in its shortest form");
        }
        return value;
      }
    }
    throw MalformedPacket.malformed("variable byte integer is longer than four bytes");
  }

  /** Binary data with its length before it. */
  byte[] binary() throws MalformedPacket {
    return take(u16());
  }

  /** A character string in UTF-8, checked. */
  byte[] utf8() throws MalformedPacket {
    return Utf8.checked(binary());
  }

  String text() throws MalformedPacket {
    return new String(utf8(), StandardCharsets.UTF_8);
  }

  /** The next bytes, copied. */
  byte[] take(int length) throws MalformedPacket {
    int from = advance(length);
    if (length == 0) {
      return NONE;
    }
    var copy = new byte[length];
    bytes.getBytes(from, copy);
    return copy;
  }

  /** All that is left, copied: a payload. */
  public byte[] rest() throws MalformedPacket {
    return take(remaining());
  }

  int packetId() throws MalformedPacket {
    int id = u16();
    if (id == 0) {
      throw MalformedPacket.protocolError("packet identifier 0");
    }
    return id;
  }

  void expectEnd() throws MalformedPacket {
    if (index != end) {
      throw MalformedPacket.malformed("packet is longer than what is in it");
    }
  }

  /** Steps over bytes and returns where they begin. */
  int advance(int length) throws MalformedPacket {
    if (length > end - index) {
      throw MalformedPacket.malformed("packet is shorter than what is in it");
    }
    int from = index;
    index += length;
    return from;
  }
}
