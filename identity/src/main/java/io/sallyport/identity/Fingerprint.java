package io.sallyport.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256 of a certificate's DER form, in lower-case hexadecimal: what names one certificate. */
public record Fingerprint(String hex) {
  private static final Pattern SYNTAX = Pattern.compile("[0-9a-f]{64}");

  /** Refuses, with {@link IllegalArgumentException}, anything but 64 lower-case hex digits. */
  public Fingerprint {
    if (!SYNTAX.matcher(hex).matches()) {
      throw new IllegalArgumentException("a fingerprint must be 64 lower-case hex digits");
    }
  }

  /** The fingerprint of the certificate whose DER form is given. */
  public static Fingerprint ofDer(byte[] der) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(der);
      return new Fingerprint(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
