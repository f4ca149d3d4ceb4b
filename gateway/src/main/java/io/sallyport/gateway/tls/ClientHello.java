package io.sallyport.gateway.tls;

import io.netty.buffer.ByteBuf;

/**
 * Reads from a ClientHello (RFC 8446, 4.1.2) whether it shows a ticket, before any work is done.
 */
final class ClientHello {
  private static final int VERSION_AND_RANDOM_BYTES = 34;
  // RFC 5077, 3.2, and RFC 8446, 4.2.11.
  private static final int SESSION_TICKET = 35;
  private static final int PRE_SHARED_KEY = 41;
  private static final int NONE = -1;

  private ClientHello() {}

  /** Where the first ticket begins that has so many bytes at least, or -1 if there is none. */
  static int ticketAt(ByteBuf hello, int bytesMin) {
    var rest = hello.slice();
    int offset = hello.readerIndex();
    if (!skip(rest, VERSION_AND_RANDOM_BYTES)
        || !skipVector(rest, Byte.BYTES)
        || !skipVector(rest, Short.BYTES)
        || !skipVector(rest, Byte.BYTES)
        || !skip(rest, Short.BYTES)) {
      return NONE;
    }
    while (rest.readableBytes() >= 2 * Short.BYTES) {
      int type = rest.readUnsignedShort();
      int length = rest.readUnsignedShort();
      if (length > rest.readableBytes()) {
        return NONE;
      }
      int at = ticketIn(rest, type, length, bytesMin);
      if (at != NONE) {
        return offset + at;
      }
      rest.skipBytes(length);
    }
    return NONE;
  }

  private static int ticketIn(ByteBuf extension, int type, int length, int bytesMin) {
    int at = extension.readerIndex();
    if (type == SESSION_TICKET) {
      return length >= bytesMin ? at : NONE;
    }
    // The length of all identities, then that of the first.
    int head = 2 * Short.BYTES;
    return type == PRE_SHARED_KEY
            && length >= head + bytesMin
            && extension.getUnsignedShort(at + Short.BYTES) >= bytesMin
        ? at + head
        : NONE;
  }

  private static boolean skipVector(ByteBuf bytes, int lengthBytes) {
    if (bytes.readableBytes() < lengthBytes) {
      return false;
    }
    return skip(
        bytes, lengthBytes == Byte.BYTES ? bytes.readUnsignedByte() : bytes.readUnsignedShort());
  }

  private static boolean skip(ByteBuf bytes, int length) {
    if (bytes.readableBytes() < length) {
      return false;
    }
    bytes.skipBytes(length);
    return true;
  }
}
