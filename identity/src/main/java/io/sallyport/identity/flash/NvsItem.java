package io.sallyport.identity.flash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** What goes into non-volatile storage under one key. */
sealed interface NvsItem {
  /** The longest string, with the zero at its end; it never spans pages. */
  int STRING_BYTES_MAX = 4000;

  Pattern KEY = Pattern.compile("[A-Za-z0-9_.-]{1,15}");

  String key();

  /** A number of 16 bits without a sign. */
  record Whole(String key, int value) implements NvsItem {}

  /** A text without a zero in it. */
  record Text(String key, String value) implements NvsItem {}

  /** Bytes, which may span pages. Not a record, which would print them: they may be secret. */
  final class Blob implements NvsItem {
    private final String key;
    private final byte[] value;

    Blob(String key, byte[] value) {
      this.key = key;
      this.value = value;
    }

    @Override
    public String key() {
      return key;
    }

    /** The very bytes. */
    byte[] value() {
      return value;
    }

    void wipe() {
      Arrays.fill(value, (byte) 0);
    }

    @Override
    public String toString() {
      return "Blob[" + key + "]";
    }
  }

  /** An entry without its checksum. */
  static byte[] entry(int namespace, int type, int span, int chunk, String key) {
    var entry = NvsPage.blank(NvsPage.ENTRY_BYTES);
    entry[0] = (byte) namespace;
    entry[1] = (byte) type;
    entry[2] = (byte) span;
    entry[3] = (byte) chunk;
    var name = key.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 16; i++) {
      entry[8 + i] = i < name.length ? name[i] : 0;
    }
    return entry;
  }

  /** The same, for data of that size, which follows. */
  static byte[] entry(int namespace, int type, int chunk, String key, byte[] data) {
    var entry = entry(namespace, type, 1 + NvsPage.entriesFor(data.length), chunk, key);
    var buffer = little(entry);
    buffer.putShort(24, (short) data.length);
    buffer.putInt(28, NvsChecksum.of(data, 0, data.length));
    return entry;
  }

  static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
