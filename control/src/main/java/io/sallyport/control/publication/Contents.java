package io.sallyport.control.publication;

import io.sallyport.identity.RevokedCertificate;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A hash of what lists say, so that two can be compared without their dates and signatures. */
final class Contents {
  private Contents() {}

  static String hash(List<String> names, List<RevokedCertificate> revoked) {
    var digest = sha256();
    for (var name : names) {
      add(digest, name.getBytes(StandardCharsets.UTF_8));
    }
    add(digest, new byte[0]);
    for (var one : revoked) {
      add(digest, one.serial().value().toByteArray());
      digest.update(
          ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
              .putLong(one.at().getEpochSecond())
              .putInt(one.reason().code())
              .flip());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** With its length, so that no two things run into each other. */
  private static void add(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
