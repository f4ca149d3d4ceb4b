package io.sallyport.identity.rotation.device;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The credentials that a device has, by the number of the key: never none. The caller keeps key and
 * chain of each under this number.
 *
 * @param newestFirst from the highest number to the lowest, between 1 and {@link #HELD_MAX}
 * @param working which of them a server accepted last
 */
public record Keyring(List<Long> newestFirst, long working) {
  /**
   * Bound: more are never needed. The third is the new one of a device both of whose others were
   * refused, and which was let in as one that slept past its end.
   */
  public static final int HELD_MAX = 3;

  /**
   * Refuses, with {@link IllegalArgumentException}, none, too many, or such as are out of order.
   */
  public Keyring {
    newestFirst = List.copyOf(newestFirst);
    if (newestFirst.isEmpty()
        || newestFirst.size() > HELD_MAX
        || !newestFirst.contains(working)
        || !isDescending(newestFirst)) {
      throw new IllegalArgumentException("a device has 1 to 3 credentials, the newest first");
    }
  }

  private static boolean isDescending(List<Long> numbers) {
    for (int i = 1; i < numbers.size(); i++) {
      if (numbers.get(i) >= numbers.get(i - 1)) {
        return false;
      }
    }
    return true;
  }

  /** The one that a device was enrolled with. */
  static Keyring of(long generation) {
    return new Keyring(List.of(generation), generation);
  }

  /** The one that came last. */
  public long newest() {
    return newestFirst.getFirst();
  }

  boolean holds(long generation) {
    return newestFirst.contains(generation);
  }

  /** With a new one. What a full ring gives up is the oldest that has not worked last. */
  Keyring with(long generation) {
    var others = newestFirst;
    if (others.size() == HELD_MAX) {
      var given =
          others.reversed().stream().filter(one -> one != working).findFirst().orElseThrow();
      others = others.stream().filter(one -> !one.equals(given)).toList();
    }
    return new Keyring(Stream.concat(Stream.of(generation), others.stream()).toList(), working);
  }

  /** Without the newest, which is not the only one. */
  Keyring withoutNewest() {
    var rest = newestFirst.subList(1, newestFirst.size());
    return new Keyring(rest, rest.contains(working) ? working : rest.getFirst());
  }

  /** A server accepted this one. */
  Keyring worked(long generation) {
    return new Keyring(newestFirst, generation);
  }

  /** Those, and a key that has no certificate yet. */
  Set<Long> and(long generation) {
    var all = new LinkedHashSet<>(newestFirst);
    all.add(generation);
    return all;
  }
}
