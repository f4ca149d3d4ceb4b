package io.sallyport.identity.rotation.device;

import io.sallyport.identity.rotation.Backoff;
import java.time.Duration;

/**
 * How patient a device is.
 *
 * @param reconnect the waits between rounds in which no door opened
 * @param request the waits for an answer to a request for a certificate
 * @param retry the waits before the new credential is tried again while an old one works
 * @param oldKept how long the old key is kept after the new one worked, counted while the device
 *     runs; longer than a server waits for a proof, so that one which forgot what it saw costs
 *     nothing. Nobody can shorten it: that nothing is wanted any more is also what is read when the
 *     new one was withdrawn
 */
public record DeviceRules(Backoff reconnect, Backoff request, Backoff retry, Duration oldKept) {
  /** Seconds to minutes for connections, minutes to hours for the rest, 8 days for the old key. */
  public static final DeviceRules USUAL =
      new DeviceRules(
          new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5)),
          new Backoff(Duration.ofSeconds(30), Duration.ofHours(6)),
          new Backoff(Duration.ofMinutes(1), Duration.ofHours(12)),
          Duration.ofDays(8));

  /** Refuses, with {@link IllegalArgumentException}, an old key that is not kept. */
  public DeviceRules {
    if (oldKept.isNegative() || oldKept.isZero()) {
      throw new IllegalArgumentException("the old key must be kept for a while");
    }
  }
}
