package io.sallyport.identity.flash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** One page of non-volatile storage: 32 bytes of header, 32 of bitmap, 126 entries of 32 each. */
final class NvsPage {
  static final int BYTES = 4096;
  static final int ENTRIES = 126;
  static final int ENTRY_BYTES = 32;
  static final int FIRST_ENTRY = 64;
  static final int STATE_ACTIVE = 0xfffffffe;
  static final int STATE_FULL = 0xfffffffc;
  static final int VERSION_2 = 0xfe;

  private static final int BITMAP = 32;
  private static final int SEQUENCE = 4;
  private static final int VERSION = 8;
  private static final int HEADER_CHECKSUM = 28;

  private final byte[] image;
  private final int start;
  private final ByteBuffer buffer;
  private int used;

  /** An active page in an image that is all ones. */
  NvsPage(byte[] image, int number) {
    this.image = image;
    start = number * BYTES;
    buffer = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(start, STATE_ACTIVE);
    buffer.putInt(start + SEQUENCE, number);
    buffer.put(start + VERSION, (byte) VERSION_2);
    buffer.putInt(
        start + HEADER_CHECKSUM,
        NvsChecksum.of(image, start + SEQUENCE, HEADER_CHECKSUM - SEQUENCE));
  }

  int free() {
    return ENTRIES - used;
  }

  void full() {
    buffer.putInt(start, STATE_FULL);
  }

  /** Writes an entry, whose checksum is ours to make, and what belongs to it. */
  void write(byte[] entry, byte[] data) {
    int at = start + FIRST_ENTRY + used * ENTRY_BYTES;
    System.arraycopy(entry, 0, image, at, ENTRY_BYTES);
    buffer.putInt(at + 4, NvsChecksum.of(image, at, 4, at + 8, ENTRY_BYTES - 8));
    System.arraycopy(data, 0, image, at + ENTRY_BYTES, data.length);
    mark(1 + entriesFor(data.length));
  }

  /** The two bits of a written entry are 10, of an empty one 11. */
  private void mark(int count) {
    for (int i = 0; i < count; i++) {
      int bit = 2 * used++;
      image[start + BITMAP + bit / 8] &= (byte) ~(1 << (bit % 8));
    }
  }

  /** Encrypts every written entry for itself; header and bitmap stay readable. */
  static void encrypt(byte[] image, int number, XtsAes cipher) {
    for (int i = 0; i < ENTRIES; i++) {
      int bit = 2 * i;
      int at = number * BYTES + FIRST_ENTRY + i * ENTRY_BYTES;
      if ((image[number * BYTES + BITMAP + bit / 8] >> (bit % 8) & 0b11) == 0b10) {
        cipher.process(image, at, ENTRY_BYTES, at);
      }
    }
  }

  static int entriesFor(int bytes) {
    return (bytes + ENTRY_BYTES - 1) / ENTRY_BYTES;
  }

  static byte[] blank(int bytes) {
    var blank = new byte[bytes];
    Arrays.fill(blank, (byte) 0xff);
    return blank;
  }
}
