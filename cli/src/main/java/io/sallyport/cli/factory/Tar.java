package io.sallyport.cli.factory;

import io.sallyport.cli.bundle.BundleFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The files of a bundle as one archive (POSIX.1-1988 ustar), in one array that can be wiped: a
 * library would leave copies of the key behind.
 */
final class Tar {
  private static final int BLOCK = 512;
  private static final int NAME_MAX = 100;
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_END = 156;

  private Tar() {}

  /** The archive, for the caller to wipe; the files lie in one folder. */
  static byte[] of(String folder, List<BundleFile> files) {
    int length = 2 * BLOCK;
    for (var file : files) {
      length += BLOCK + padded(file.content().length);
    }
    var archive = new byte[length];
    int at = 0;
    for (var file : files) {
      var name = folder + "/" + file.name();
      header(archive, at, name, file.content().length, file.isSecret() ? "0000600" : "0000644");
      System.arraycopy(file.content(), 0, archive, at + BLOCK, file.content().length);
      at += BLOCK + padded(file.content().length);
    }
    return archive;
  }

  private static void header(byte[] archive, int at, String name, int length, String mode) {
    if (name.length() > NAME_MAX) {
      throw new IllegalArgumentException(
          "a name in an archive has at most 100 characters: " + name);
    }
    put(archive, at, name);
    put(archive, at + 100, mode);
    put(archive, at + 108, "0000000");
    put(archive, at + 116, "0000000");
    put(archive, at + 124, String.format(Locale.ROOT, "%011o", length));
    // The same bundle makes the same archive.
    put(archive, at + 136, "00000000000");
    archive[at + CHECKSUM_END] = '0';
    put(archive, at + 257, "ustar");
    put(archive, at + 263, "00");
    Arrays.fill(archive, at + CHECKSUM, at + CHECKSUM_END, (byte) ' ');
    int sum = 0;
    for (int i = at; i < at + BLOCK; i++) {
      sum += archive[i] & 0xff;
    }
    put(archive, at + CHECKSUM, String.format(Locale.ROOT, "%06o", sum));
    archive[at + CHECKSUM + 6] = 0;
  }

  private static void put(byte[] archive, int at, String text) {
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, archive, at, bytes.length);
  }

  private static int padded(int length) {
    return (length + BLOCK - 1) / BLOCK * BLOCK;
  }
}
