package io.sallyport.control.observation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How often a name was used, and when; times are those of the records, so true to their interval.
 *
 * @param denied how often the proposal would have denied it
 * @param deniedAt when it last would have, null if it never would
 */
public record Uses(
    long count, long denied, Instant first, Instant last, @Nullable Instant deniedAt) {

  /** Both together. */
  Uses plus(Uses other) {
    return new Uses(
        count + other.count,
        denied + other.denied,
        first.isBefore(other.first) ? first : other.first,
        last.isAfter(other.last) ? last : other.last,
        later(deniedAt, other.deniedAt));
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isAfter(one)) ? other : one;
  }
}
