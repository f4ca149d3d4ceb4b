package io.sallyport.policy.suggestion;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Why a resource is in a suggested policy.
 *
 * @param count how often it was used; 0 for what only follows from something else
 * @param principals who used it
 * @param first when it was first used, null if it never was by itself
 * @param basis in words: seen, or generalised, and from what
 */
public record Evidence(
    long count,
    Set<String> principals,
    @Nullable Instant first,
    @Nullable Instant last,
    String basis) {
  static final String SEEN = "seen";

  /** Copies what could change. */
  public Evidence {
    principals = Set.copyOf(principals);
  }

  static Evidence of(Seen seen, String basis) {
    return new Evidence(seen.count(), Set.of(seen.principal()), seen.first(), seen.last(), basis);
  }

  static Evidence derived(String basis) {
    return new Evidence(0, Set.of(), null, null, basis);
  }

  /** Both together, on the basis of this one. */
  Evidence plus(Evidence other) {
    var all = new TreeSet<>(principals);
    all.addAll(other.principals);
    return new Evidence(
        count + other.count, all, earlier(first, other.first), later(last, other.last), basis);
  }

  Evidence on(String newBasis) {
    return new Evidence(count, principals, first, last, newBasis);
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isBefore(one)) ? other : one;
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isAfter(one)) ? other : one;
  }
}
