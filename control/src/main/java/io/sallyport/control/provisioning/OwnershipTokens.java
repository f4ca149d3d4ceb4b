package io.sallyport.control.provisioning;

import io.sallyport.identity.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/** Tokens that prove whose a pending certificate is; only their hashes are kept. */
final class OwnershipTokens {
  // 256 bits: nobody guesses one, so a plain hash is enough to keep it by.
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  String next() {
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String hash(String token) {
    return Fingerprint.ofDer(token.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
