package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;

/**
 * MQTT's variable byte integer (MQTT 5, 1.5.5), as far as a client reads it from a trusted server.
 */
final class VariableInteger {
  /** What {@link #peek} answers when bytes are missing. */
  static final long INCOMPLETE = -1;

  private VariableInteger() {}

  static int read(ByteBuf in) {
    var found = peek(in, in.readerIndex());
    if (found == INCOMPLETE) {
      throw new LoadFailure("a variable byte integer ends too early");
    }
    in.skipBytes(width(found));
    return value(found);
  }

  /** The integer that begins at an index and its width in one number, or {@link #INCOMPLETE}. */
  static long peek(ByteBuf in, int index) {
    var value = 0L;
    for (var width = 1; width <= 4; width++) {
      if (index + width > in.writerIndex()) {
        return INCOMPLETE;
      }
      var octet = in.getByte(index + width - 1);
      value |= (octet & 0x7FL) << (7 * (width - 1));
      if (octet >= 0) {
        return value << 3 | width;
      }
    }
    throw new LoadFailure("a variable byte integer is longer than four bytes");
  }

  static int value(long peeked) {
    return (int) (peeked >>> 3);
  }

  static int width(long peeked) {
    return (int) (peeked & 7);
  }
}
