package io.sallyport.identity.flash;

import java.util.zip.CRC32;

/** The checksum of every part of non-volatile storage: CRC-32 whose register begins at zero. */
final class NvsChecksum {
  // Takes the usual checksum, which begins with all bits set, to a register of zero.
  private static final byte[] TO_ZERO = {-1, -1, -1, -1};

  private NvsChecksum() {}

  static int of(byte[] bytes, int offset, int length) {
    return of(bytes, offset, length, 0, 0);
  }

  /** Of two ranges of the same bytes, one after the other. */
  static int of(byte[] bytes, int offset, int length, int thenOffset, int thenLength) {
    var checksum = new CRC32();
    checksum.update(TO_ZERO);
    checksum.update(bytes, offset, length);
    checksum.update(bytes, thenOffset, thenLength);
    return (int) checksum.getValue();
  }
}
