package io.sallyport.gateway.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a ClientHello (RFC 8446, 4.1.2) whether it shows a ticket and what it asks for, before
 * any work is done.
 */
final class ClientHello {
  private static final int VERSION_AND_RANDOM_BYTES = 34;
  // RFC 5077, 3.2, and RFC 8446, 4.2.11.
  private static final int SESSION_TICKET = 35;
  private static final int PRE_SHARED_KEY = 41;
  private static final int NONE = -1;
  // RFC 6066, 3 and 8, and RFC 7301, 3.1.
  private static final int SERVER_NAME = 0;
  private static final int STATUS_REQUEST = 5;
  private static final int PROTOCOLS = 16;
  private static final int STATUS_TYPE_OCSP = 1;
  private static final int HOST_NAME = 0;
  private static final int HOST_NAME_MAX = 253;

  private ClientHello() {}

  /** Where the first ticket begins that has so many bytes at least, or -1 if there is none. */
  static int ticketAt(ByteBuf hello, int bytesMin) {
    var rest = hello.slice();
    int offset = hello.readerIndex();
    if (!skipToExtensions(rest)) {
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

  /** What it asks for; of one that cannot be read, what could be read of it. */
  static Greeting greeting(ByteBuf hello) {
    @Nullable String name = null;
    boolean status = false;
    boolean validation = false;
    var rest = hello.slice();
    if (skipToExtensions(rest)) {
      while (rest.readableBytes() >= 2 * Short.BYTES) {
        int type = rest.readUnsignedShort();
        int length = rest.readUnsignedShort();
        if (length > rest.readableBytes()) {
          break;
        }
        var extension = rest.readSlice(length);
        switch (type) {
          case SERVER_NAME -> name = serverName(extension);
          case STATUS_REQUEST ->
              status = extension.isReadable() && extension.readByte() == STATUS_TYPE_OCSP;
          case PROTOCOLS -> validation = isOnly(extension, Greeting.ACME_TLS);
          default -> {}
        }
      }
    }
    return new Greeting(name, status, validation);
  }

  /** RFC 6066, 3: a list of names, of which there is one type only, and one of each type. */
  private static @Nullable String serverName(ByteBuf extension) {
    int head = Short.BYTES + Byte.BYTES + Short.BYTES;
    if (extension.readableBytes() < head) {
      return null;
    }
    extension.skipBytes(Short.BYTES);
    int type = extension.readByte();
    int length = extension.readUnsignedShort();
    if (type != HOST_NAME || length > HOST_NAME_MAX || length > extension.readableBytes()) {
      return null;
    }
    return extension.toString(extension.readerIndex(), length, StandardCharsets.US_ASCII);
  }

  /** RFC 7301, 3.1; RFC 8737, 3 demands that this protocol stands alone. */
  private static boolean isOnly(ByteBuf extension, String protocol) {
    int head = Short.BYTES + Byte.BYTES;
    return extension.readableBytes() == head + protocol.length()
        && extension.getUnsignedByte(extension.readerIndex() + Short.BYTES) == protocol.length()
        && extension
            .toString(extension.readerIndex() + head, protocol.length(), StandardCharsets.US_ASCII)
            .equals(protocol);
  }

  private static boolean skipToExtensions(ByteBuf rest) {
    return skip(rest, VERSION_AND_RANDOM_BYTES)
        && skipVector(rest, Byte.BYTES)
        && skipVector(rest, Short.BYTES)
        && skipVector(rest, Byte.BYTES)
        && skip(rest, Short.BYTES);
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
