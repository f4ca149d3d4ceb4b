package io.sallyport.policy.analysis;

import dk.brics.automaton.State;
import io.sallyport.policy.Action;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether all that a filter can bring may be received, decided when somebody subscribes: it looks
 * only as far as it must, and gives up at a budget.
 */
public final class Inclusion {
  /** Bound: states that one SUBSCRIBE may cost; some microseconds each. */
  public static final int STATES_MAX = 2_000;

  private static final State VALID = Names.TOPICS.automaton().getInitialState();
  private static final int[] VALID_CLASSES = classes();

  private final Rights rights;
  private final Machine received;

  /** Where the search is, and by which byte it came there. */
  private record Step(BitSet filter, BitSet receive, State valid, @Nullable Step from, int letter) {
    String word() {
      var letters = new ByteArrayOutputStream();
      for (var step = this; step != null && step.from != null; step = step.from) {
        letters.write(step.letter);
      }
      var reversed = letters.toByteArray();
      var word = new byte[reversed.length];
      for (int i = 0; i < word.length; i++) {
        word[i] = reversed[word.length - 1 - i];
      }
      return new String(word, StandardCharsets.UTF_8);
    }
  }

  private record Seen(BitSet filter, BitSet receive, State valid) {}

  /** Inclusion in these rights; a doubtful Allow should not count, so they should be certain. */
  public Inclusion(Rights rights) {
    this.rights = rights;
    this.received = new Machine(rights.clauses(Action.RECEIVE));
  }

  /**
   * A shortest topic that the filter matches and that may not be received; none if all may be. Of
   * {@code a/#} the topic {@code a} is not asked about: hardly a policy names it, and its messages
   * are decided one by one anyway.
   */
  public Optional<String> notReceived(String filter) {
    var plain = Filters.unshared(filter);
    if (plain.indexOf('+') < 0 && plain.indexOf('#') < 0) {
      return rights.allows(Action.RECEIVE, plain) ? Optional.empty() : Optional.of(plain);
    }
    var pattern = Pattern.topics(plain).withoutParent();
    return search(
        new Machine(List.of(Clause.granting(List.of(pattern)))), Filters.startsWild(plain));
  }

  private Optional<String> search(Machine matched, boolean startsWild) {
    var letters = letters(matched);
    var open = new ArrayDeque<Step>();
    Set<Seen> seen = new HashSet<>();
    open.add(new Step(matched.start(), received.start(), VALID, null, 0));
    while (!open.isEmpty()) {
      var step = open.remove();
      if (step.valid.isAccept() && matched.allows(step.filter) && !received.allows(step.receive)) {
        return Optional.of(step.word());
      }
      for (int letter : letters) {
        var valid = step.valid.step((char) letter);
        // A leading wildcard matches nothing of the server's (MQTT-4.7.2-1).
        boolean system = startsWild && step.from == null && letter == '$';
        if (valid != null && !system) {
          var next =
              new Step(
                  matched.next(step.filter, matched.classOf(letter)),
                  received.next(step.receive, received.classOf(letter)),
                  valid,
                  step,
                  letter);
          if (!next.filter.isEmpty() && seen.add(new Seen(next.filter, next.receive, next.valid))) {
            open.add(next);
          }
        }
      }
      if (seen.size() > STATES_MAX) {
        throw new TooComplex(STATES_MAX);
      }
    }
    return Optional.empty();
  }

  /** One byte of each kind that somebody here tells apart; the readable ones first. */
  private int[] letters(Machine matched) {
    var kinds = new HashSet<List<Integer>>();
    var letters = new TreeSet<Integer>();
    for (int i = 0; i < ByteSet.SIZE; i++) {
      int letter = (i + 'a') % ByteSet.SIZE;
      // '$' begins what a leading wildcard does not match, so it is never just any letter.
      int dollar = letter == '$' ? 1 : 0;
      var kind =
          List.of(matched.classOf(letter), received.classOf(letter), VALID_CLASSES[letter], dollar);
      if (kinds.add(kind)) {
        letters.add(letter);
      }
    }
    return letters.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] classes() {
    var borders = new TreeSet<Integer>();
    for (var state : Names.TOPICS.automaton().getStates()) {
      for (var transition : state.getTransitions()) {
        borders.add((int) transition.getMin());
        borders.add(transition.getMax() + 1);
      }
    }
    var classes = new int[ByteSet.SIZE];
    for (int b = 0; b < classes.length; b++) {
      classes[b] = borders.headSet(b, true).size();
    }
    return classes;
  }
}
