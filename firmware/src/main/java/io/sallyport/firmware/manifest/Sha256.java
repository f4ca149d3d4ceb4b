package io.sallyport.firmware.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A SHA-256 of some content, as 64 lower-case hex digits: the name under which it is stored. */
public record Sha256(String hex) {
  /** Bytes of a hash. */
  public static final int LENGTH = 32;

  private static final int BLOCK = 64 * 1024;
  private static final Pattern SYNTAX = Pattern.compile("[0-9a-f]{64}");

  /** Refuses, with {@link IllegalArgumentException}, anything but 64 lower-case hex digits. */
  public Sha256 {
    if (!isValid(hex)) {
      throw new IllegalArgumentException("a SHA-256 must be 64 lower-case hex digits");
    }
  }

  /** Whether text from outside can be one. */
  public static boolean isValid(String text) {
    return SYNTAX.matcher(text).matches();
  }

  /** The one of 32 bytes. */
  public static Sha256 ofDigest(byte[] digest) {
    return new Sha256(HexFormat.of().formatHex(digest));
  }

  /** The one of a content. */
  public static Sha256 of(byte[] content) {
    return ofDigest(engine().digest(content));
  }

  /** The one of all that is left in a stream, which stays open. */
  public static Sha256 of(InputStream content) throws IOException {
    var engine = engine();
    var block = new byte[BLOCK];
    for (int read = content.read(block); read >= 0; read = content.read(block)) {
      engine.update(block, 0, read);
    }
    return ofDigest(engine.digest());
  }

  /** What computes one. */
  public static MessageDigest engine() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Its 32 bytes. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
