package io.sallyport.gateway.defence;

import java.time.Duration;

/**
 * When one identity is taken for two devices.
 *
 * @param returns how often it comes back to an address that it had left; 0 means never
 * @param window in which time
 * @param identitiesMax most identities that are remembered
 */
public record CloneSettings(int returns, Duration window, int identitiesMax) {
  /** What a user gets who configures nothing. */
  public static final CloneSettings DEFAULTS =
      new CloneSettings(4, Duration.ofMinutes(10), 100_000);
}
