package io.sallyport.identity;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;

/** A certificate's number, positive and at most 20 octets (RFC 5280, 4.1.2.2). */
public record Serial(BigInteger value) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{1,40}");

  /** Bound: the longest, in bits. */
  public static final int BITS_MAX = 159;

  /** Refuses, with {@link IllegalArgumentException}, zero, negative and overlong numbers. */
  public Serial {
    if (value.signum() <= 0 || value.bitLength() > BITS_MAX) {
      throw new IllegalArgumentException("a serial must be positive and fit 20 octets");
    }
  }

  /** The serial of a certificate. */
  public static Serial of(X509Certificate certificate) {
    return new Serial(certificate.getSerialNumber());
  }

  /** The serial written by {@link #hex}; {@link IllegalArgumentException} for anything else. */
  public static Serial ofHex(String hex) {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("a serial must be 1 to 40 lower-case hex digits");
    }
    return new Serial(new BigInteger(hex, 16));
  }

  /** Lower-case hexadecimal without leading zeros: the form in tables, JSON and on screens. */
  public String hex() {
    return value.toString(16);
  }

  @Override
  public String toString() {
    return hex();
  }
}
