package io.sallyport.identity.rotation.device;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * The server asks for a new credential ({@code desired.rotation} of the shadow).
 *
 * @param nonce names this request; a certificate is issued once for it
 * @param asked when the server first asked with this nonce, by its clock: of two requests that
 *     arrive in the wrong order, the later counts
 * @param rotateBy by when the device is to be done
 */
public record Ask(String nonce, Instant asked, Instant rotateBy) {
  private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  /** Refuses, with {@link IllegalArgumentException}, a nonce that is not 1 to 128 of base64url. */
  public Ask {
    if (!NONCE.matcher(nonce).matches()) {
      throw new IllegalArgumentException("a nonce is 1 to 128 characters of A-Z a-z 0-9 _ -");
    }
  }

  /** Whether the server asked this after that. */
  boolean isAfter(Ask other) {
    return asked.isAfter(other.asked);
  }
}
