package io.sallyport.gateway.est;

import java.util.Base64;
import java.util.Optional;

/**
 * A body of base64 without armour (RFC 8951, 3.1): lines may end in any way or not at all, white
 * space means nothing, but what is cut short or has something else in it is refused.
 */
final class RequestBody {
  private RequestBody() {}

  /** The bytes that it stands for; empty if it stands for none. */
  static Optional<byte[]> decode(byte[] text) {
    var dense = new byte[text.length];
    int length = 0;
    for (byte one : text) {
      if (!isSpace(one)) {
        dense[length++] = one;
      }
    }
    // The JDK would take a last group without its padding.
    if (length == 0 || length % 4 != 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(java.util.Arrays.copyOf(dense, length)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isSpace(byte one) {
    return one == ' ' || one == '\t' || one == '\r' || one == '\n';
  }
}
