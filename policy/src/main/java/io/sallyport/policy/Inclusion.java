package io.sallyport.policy;

import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether all that a filter matches is allowed, decided when somebody subscribes: filter and
 * patterns are walked through letter by letter, as far as it makes a difference, and not further
 * than the bound.
 *
 * <p>Of {@code a/#} the topic {@code a} is not asked about: hardly a policy names it, and its
 * messages are decided one by one anyway.
 */
final class Inclusion {
  /** Bound: the places looked at for one filter; some tenths of a microsecond each. */
  static final int STEPS_MAX = 10_000;

  private final FilterPath filter;
  private final PatternWalk walk;
  private int steps;

  /** What was found out: with neither a topic nor completeness, nothing. */
  record Result(@Nullable String missing, boolean isComplete) {}

  /** Where the search is, and by which letter it came there. */
  private static final class Step {
    private final int at;
    private final long[] reached;
    private final @Nullable Step from;
    private final int letter;

    Step(int at, long[] reached, @Nullable Step from, int letter) {
      this.at = at;
      this.reached = reached;
      this.from = from;
      this.letter = letter;
    }

    String word() {
      var letters = new StringBuilder();
      for (var step = this; step.from != null; step = step.from) {
        letters.appendCodePoint(step.letter);
      }
      // Reversing keeps surrogate pairs, which stand in order already.
      return letters.reverse().toString();
    }
  }

  private record Seen(int at, LongBuffer reached) {}

  private Inclusion(FilterPath filter, PatternWalk walk) {
    this.filter = filter;
    this.walk = walk;
  }

  /**
   * Looks for a shortest topic that the filter matches and that is not allowed.
   *
   * @param filter well formed, without a share group
   */
  static Result check(
      String filter, PatternTree tree, Slots slots, Facts facts, SearchBudget budget) {
    if (filter.length() > STEPS_MAX) {
      return new Result(null, false);
    }
    var inclusion = new Inclusion(FilterPath.of(filter), new PatternWalk(tree, slots, facts));
    var result = inclusion.search();
    budget.spend(inclusion.steps);
    return result;
  }

  private Set<Integer> letters(Step step) {
    return filter.letters(step.at, step.from == null, walk.expected(step.reached));
  }

  private Result search() {
    var open = new ArrayDeque<Step>();
    Set<Seen> seen = new HashSet<>();
    open.add(new Step(0, walk.start(), null, 0));
    while (!open.isEmpty()) {
      if (steps > STEPS_MAX) {
        return new Result(null, false);
      }
      var step = open.remove();
      if (walk.allowsAllFrom(step.reached)) {
        continue;
      }
      if (step.from != null && filter.endsAt(step.at) && !walk.allows(step.reached)) {
        return new Result(step.word(), true);
      }
      for (int letter : letters(step)) {
        var next =
            new Step(filter.next(step.at, letter), walk.next(step.reached, letter), step, letter);
        steps += 1 + step.reached.length + next.reached.length;
        if (seen.add(new Seen(next.at, LongBuffer.wrap(next.reached)))) {
          open.add(next);
        }
      }
    }
    return new Result(null, true);
  }
}
