package io.sallyport.policy;

import java.util.Set;

/** A filter as the way that a topic takes through it, letter by letter (MQTT 5, 4.7). */
final class FilterPath {
  // Not letters of any topic, so they can stand for the wildcards.
  private static final int LEVEL = '+';
  private static final int TAIL = '#';

  private final int[] path;

  private FilterPath(int[] path) {
    this.path = path;
  }

  /** The path of a well-formed filter without a share group. */
  static FilterPath of(String filter) {
    return new FilterPath(filter.codePoints().toArray());
  }

  /** Whether a topic may end here. */
  boolean endsAt(int at) {
    return at == path.length || (at == path.length - 1 && isWild(at));
  }

  /**
   * The letters that may follow: those that somebody waits for, and one for all others.
   *
   * @param first whether the topic begins with this letter
   * @param expected what somebody waits for; may be changed
   */
  Set<Integer> letters(int at, boolean first, Set<Integer> expected) {
    if (at == path.length) {
      return Set.of();
    }
    if (!isWild(at)) {
      return Set.of(path[at]);
    }
    if (path[at] == LEVEL) {
      expected.remove((int) '/');
    }
    expected.removeIf(letter -> letter == LEVEL || letter == TAIL || letter == 0);
    int other = 'a';
    while (expected.contains(other)) {
      other++;
    }
    expected.add(other);
    if (path[at] == LEVEL && at + 1 < path.length) {
      expected.add((int) '/');
    }
    if (first) {
      // A leading wildcard matches nothing of the server's (MQTT-4.7.2-1).
      expected.remove((int) '$');
    }
    return expected;
  }

  /** Where a letter leads that may follow here. */
  int next(int at, int letter) {
    if (path[at] == LEVEL) {
      return letter == '/' ? at + 2 : at;
    }
    return path[at] == TAIL ? at : at + 1;
  }

  private boolean isWild(int at) {
    return path[at] == LEVEL || path[at] == TAIL;
  }
}
