package io.sallyport.policy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The form of UTF-8 without making a String of it: every decision passes here. */
final class Utf8 {
  /** Bound: MQTT's own for every string. */
  static final int NAME_MAX = 65_535;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;

  private Utf8() {}

  /**
   * Whether these bytes can be a name at all: not empty, well-formed (Unicode, table 3-7), and
   * without U+0000, which MQTT forbids (MQTT-1.5.4-2).
   */
  static boolean isName(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > NAME_MAX) {
      return false;
    }
    int at = plain(bytes);
    while (at < bytes.length) {
      if (bytes[at] > 0) {
        at++;
      } else {
        int length = sequenceAt(bytes, at);
        if (length == 0) {
          return false;
        }
        at += length;
      }
    }
    return true;
  }

  /** How many bytes at the beginning are ASCII without U+0000, counted by eights. */
  private static int plain(byte[] bytes) {
    int at = 0;
    while (at <= bytes.length - Long.BYTES) {
      long eight = (long) EIGHT.get(bytes, at);
      // The high bit of a byte is set here if it was set there, or if the byte was 0.
      if (((eight | eight - ONES) & HIGHS) != 0) {
        return at;
      }
      at += Long.BYTES;
    }
    return at;
  }

  /** The length of the well-formed sequence of several bytes that begins here, or 0. */
  private static int sequenceAt(byte[] bytes, int at) {
    int lead = bytes[at] & 0xFF;
    if (lead < 0xC2 || lead > 0xF4) {
      return 0;
    }
    int length = lengthAt(bytes, at);
    if (at + length > bytes.length || !isSecond(lead, bytes[at + 1] & 0xFF)) {
      return 0;
    }
    for (int i = at + 2; i < at + length; i++) {
      if (!isContinuation(bytes[i])) {
        return 0;
      }
    }
    return length;
  }

  /** Overlong forms, surrogates, and what lies above U+10FFFF show in the second byte. */
  private static boolean isSecond(int lead, int second) {
    int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return second >= least && second <= most;
  }

  static boolean isContinuation(byte one) {
    return (one & 0xC0) == 0x80;
  }

  /** The length of the code point that begins here, in well-formed bytes. */
  static int lengthAt(byte[] bytes, int at) {
    int lead = bytes[at];
    if (lead >= 0) {
      return 1;
    }
    int unsigned = lead & 0xFF;
    return unsigned < 0xE0 ? 2 : unsigned < 0xF0 ? 3 : 4;
  }

  /** Where the code point that ends here begins, in well-formed bytes. */
  static int startBefore(byte[] bytes, int end) {
    int at = end - 1;
    while (isContinuation(bytes[at])) {
      at--;
    }
    return at;
  }
}
