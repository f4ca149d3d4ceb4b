package io.sallyport.gateway.connection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop whose handshake is not finished. When all places are taken, one
 * of a source that holds many makes room for somebody whose source holds fewer, so that whoever
 * fills them with half-open connections keeps out nobody but themselves. Used by the loop's thread
 * only.
 */
final class Newcomers {
  /** Bound: how many are looked at for one that makes room. Everybody has their turn. */
  static final int LOOKED_AT_MAX = 16;

  private static final Comparator<Authentication> MOST_HELD_THEN_LONGEST =
      Comparator.comparingInt(Authentication::held)
          .thenComparing(Authentication::awaitedSince, Comparator.reverseOrder());

  private final SequencedSet<Authentication> unfinished = new LinkedHashSet<>();

  void add(Authentication newcomer) {
    unfinished.addLast(newcomer);
  }

  void remove(Authentication newcomer) {
    unfinished.remove(newcomer);
  }

  /**
   * Who makes room for one more of a source that holds so many, itself included; null if nobody.
   *
   * @param tick the loop's tick now
   */
  @Nullable Authentication yielding(int held, int tick) {
    return inTurn().stream()
        .filter(one -> one.yieldsTo(held, tick))
        .max(MOST_HELD_THEN_LONGEST)
        .orElse(null);
  }

  private List<Authentication> inTurn() {
    var looked = new ArrayList<Authentication>(LOOKED_AT_MAX);
    for (int left = Math.min(LOOKED_AT_MAX, unfinished.size()); left > 0; left--) {
      var next = unfinished.removeFirst();
      unfinished.addLast(next);
      looked.add(next);
    }
    return looked;
  }
}
