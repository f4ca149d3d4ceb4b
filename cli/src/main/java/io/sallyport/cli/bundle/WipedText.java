package io.sallyport.cli.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A text that grows and may hold a secret: no copy of it is left behind. */
final class WipedText implements AutoCloseable {
  private static final int BYTES_PER_LINE = 12;

  private byte[] bytes = new byte[4096];
  private int length;

  WipedText line(String text) {
    append(text.getBytes(StandardCharsets.US_ASCII));
    return append(new byte[] {'\n'});
  }

  /** A constant of C with those bytes and a zero after them, and its length with the zero. */
  WipedText terminated(String name, byte[] content) {
    var terminated = Arrays.copyOf(content, content.length + 1);
    line("const unsigned char " + name + "[" + terminated.length + "] = {");
    hex(terminated);
    Arrays.fill(terminated, (byte) 0);
    line("};");
    return line("const size_t " + name + "_len = sizeof " + name + ";").line("");
  }

  /** Bytes as C writes them in an initialiser. */
  WipedText hex(byte[] content) {
    var digits = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    var one = new byte[] {'0', 'x', 0, 0, ',', ' '};
    for (int i = 0; i < content.length; i++) {
      one[2] = digits[(content[i] >> 4) & 0xf];
      one[3] = digits[content[i] & 0xf];
      var ends = (i + 1) % BYTES_PER_LINE == 0 || i + 1 == content.length;
      if (i % BYTES_PER_LINE == 0) {
        append(new byte[] {' ', ' '});
      }
      one[5] = (byte) (ends ? '\n' : ' ');
      append(one);
    }
    Arrays.fill(one, (byte) 0);
    return this;
  }

  private WipedText append(byte[] more) {
    if (length + more.length > bytes.length) {
      var grown = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more.length));
      Arrays.fill(bytes, (byte) 0);
      bytes = grown;
    }
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  /** A copy, for the caller to wipe. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }
}
