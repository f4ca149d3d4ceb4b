package io.sallyport.control.enrolment.authority;

import java.time.Duration;

/**
 * Whether and how devices that show nothing may wait for an operator.
 *
 * @param isOffered whether they may
 * @param applicationsMax most that are kept, decided ones too
 * @param keptFor how long one waits for a decision, and then for its device
 * @param retryAfter when a device is to ask again
 */
public record ApprovalSettings(
    boolean isOffered, int applicationsMax, Duration keptFor, Duration retryAfter) {
  /** Bound: of the places, how many may wait for one source. */
  public int ofSourceMax() {
    return Math.max(1, applicationsMax / 10);
  }
}
