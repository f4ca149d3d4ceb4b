package io.sallyport.identity.issuance.token;

import org.jspecify.annotations.Nullable;

/**
 * How a token serves.
 *
 * @param trouble why it does not serve now; null while it does
 * @param signatures that it made
 * @param failures signatures that were wanted and not made
 * @param returns how often it came back
 */
public record TokenStatus(
    @Nullable TokenTrouble trouble, long signatures, long failures, long returns) {
  /** Whether it serves. */
  public boolean isUsable() {
    return trouble == null;
  }
}
