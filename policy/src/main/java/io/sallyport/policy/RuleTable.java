package io.sallyport.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The rules of one action, those that deny first: the first that applies has the word. */
final class RuleTable {
  private final Rule[] rules;
  // Those that apply where their patterns do not: no machine finds them.
  private final int[] excluding;
  // The machine counts patterns over all rules: whose each is, and which of that rule's.
  private final int[] owners;
  private final int[] starts;
  private final Map<Variable, Integer> places;
  private final boolean live;
  private volatile @Nullable NameMachine machine;
  private volatile @Nullable PatternTree tree;

  /**
   * A table.
   *
   * @param places where variables have their values among a session's slots
   */
  RuleTable(List<Rule> rules, Map<Variable, Integer> places) {
    this.rules = rules.toArray(Rule[]::new);
    this.places = places;
    this.live = rules.stream().anyMatch(Rule::isLive);
    this.excluding =
        IntStream.range(0, this.rules.length).filter(i -> this.rules[i].isExcluding()).toArray();
    this.owners =
        IntStream.range(0, this.rules.length)
            .flatMap(i -> this.rules[i].patterns().stream().mapToInt(_ -> i))
            .toArray();
    this.starts = starts(this.rules);
  }

  /** Where the patterns of each rule begin, and behind the last one's. */
  private static int[] starts(Rule[] rules) {
    var starts = new int[rules.length + 1];
    for (int i = 0; i < rules.length; i++) {
      starts[i + 1] = starts[i] + rules[i].patterns().size();
    }
    return starts;
  }

  /** What decides on a well-formed name, or null if no rule applies. */
  @Nullable Ruling first(byte[] name, Slots slots, Facts facts) {
    if (rules.length == 0) {
      return null;
    }
    var known = machine();
    int nextExcluding = 0;
    int from = 0;
    while (true) {
      int found = known.first(name, slots, from);
      if (found == NameMachine.UNDECIDED) {
        return oneByOne(name, slots, facts);
      }
      int end = found == NameMachine.NONE ? rules.length : owners[found];
      for (; nextExcluding < excluding.length && excluding[nextExcluding] < end; nextExcluding++) {
        var ruling = rules[excluding[nextExcluding]].on(name, slots, facts);
        if (ruling != null) {
          return ruling;
        }
      }
      if (found == NameMachine.NONE) {
        return null;
      }
      if (rules[end].holds(facts)) {
        return rules[end].ruling(found - starts[end]);
      }
      from = starts[end + 1];
    }
  }

  private @Nullable Ruling oneByOne(byte[] name, Slots slots, Facts facts) {
    for (var rule : rules) {
      var ruling = rule.on(name, slots, facts);
      if (ruling != null) {
        return ruling;
      }
    }
    return null;
  }

  /** Made at the first question: most actions of most templates are never asked for. */
  private NameMachine machine() {
    var known = machine;
    if (known == null) {
      // Two threads may make one each; one of them is kept.
      known =
          new NameMachine(
              Arrays.stream(rules).flatMap(rule -> rule.patterns().stream()).map(List::of).toList(),
              places);
      machine = known;
    }
    return known;
  }

  /** The states of the automaton, if there is one yet. */
  int machineStates() {
    var known = machine;
    return known == null ? 0 : known.size();
  }

  /** All patterns; made at the first question, like the machine. */
  PatternTree tree() {
    var known = tree;
    if (known == null) {
      known = new PatternTree(List.of(rules), places);
      tree = known;
    }
    return known;
  }

  /** Whether a decision may be another one a moment later. */
  boolean isLive() {
    return live;
  }
}
