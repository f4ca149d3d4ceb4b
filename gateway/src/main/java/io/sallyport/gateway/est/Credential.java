package io.sallyport.gateway.est;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** A name and its secret, as HTTP Basic has them (RFC 7617); the secret is never shown. */
public final class Credential {
  private static final String SCHEME = "basic ";

  private final String user;
  private final byte[] secret;

  private Credential(String user, byte[] secret) {
    this.user = user;
    this.secret = secret;
  }

  /** Reads the value of an Authorization header; empty if it is no such credential. */
  public static Optional<Credential> parse(String header) {
    if (!header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Optional.empty();
    }
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    int colon = colon(decoded);
    if (colon <= 0) {
      return Optional.empty();
    }
    var user = new String(decoded, 0, colon, StandardCharsets.UTF_8);
    var secret = Arrays.copyOfRange(decoded, colon + 1, decoded.length);
    Arrays.fill(decoded, (byte) 0);
    return Optional.of(new Credential(user, secret));
  }

  private static int colon(byte[] decoded) {
    for (int at = 0; at < decoded.length; at++) {
      if (decoded[at] == ':') {
        return at;
      }
    }
    return -1;
  }

  /** The name, which is a claim. */
  public String user() {
    return user;
  }

  /** A copy of the secret, the caller's to wipe. */
  public byte[] secret() {
    return secret.clone();
  }

  /** Forgets the secret. */
  void wipe() {
    Arrays.fill(secret, (byte) 0);
  }

  @Override
  public String toString() {
    return "Credential[" + user + "]";
  }
}
