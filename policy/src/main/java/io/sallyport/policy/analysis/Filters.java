package io.sallyport.policy.analysis;

import dk.brics.automaton.Automaton;
import dk.brics.automaton.State;
import dk.brics.automaton.StatePair;
import dk.brics.automaton.Transition;
import io.sallyport.policy.SharedFilter;
import java.util.ArrayList;
import java.util.List;

/**
 * Between filters and topics (MQTT 5, 4.7). A share group is left out everywhere: whoever may use
 * one may subscribe without it too, so it never reaches more.
 */
public final class Filters {
  /** What a filter that begins with a wildcard never matches (MQTT-4.7.2-1). */
  private static final Language SYSTEM = Names.beginningWith("$");

  private static final Language WILD =
      Names.beginningWith("+").or(Names.beginningWith("#")).and(Names.FILTERS);

  private Filters() {}

  /** The topics that a filter matches; with a share group, the ones behind it. */
  public static Language topics(String filter) {
    var plain = SharedFilter.of(filter).filter();
    var topics = Language.matching(Pattern.topics(plain)).and(Names.TOPICS);
    return startsWild(plain) ? topics.minus(SYSTEM) : topics;
  }

  static boolean startsWild(String filter) {
    return filter.startsWith("+") || filter.startsWith("#");
  }

  /** The filters that match a topic. */
  public static Language matching(String topic) {
    return matching(topic, true);
  }

  /** The filters that match a topic, not counting {@code a/#} for {@code a}. */
  static Language matchingBelow(String topic) {
    return matching(topic, false);
  }

  private static Language matching(String topic, boolean parents) {
    var levels = topic.split("/", -1);
    var slash = Names.letters("/");
    var toTheEnd = slash.concatenate(Names.letters("#"));
    var tail = Automaton.makeEmptyString();
    for (int i = levels.length - 1; i >= 0; i--) {
      var level = Names.word(levels[i]);
      boolean system = i == 0 && topic.startsWith("$");
      var one = system ? level : level.union(Names.letters("+"));
      var after = i == levels.length - 1 ? Automaton.makeEmptyString() : slash.concatenate(tail);
      boolean ends = i < levels.length - 1 || parents;
      tail = one.concatenate(ends ? after.union(toTheEnd) : after);
    }
    return Language.of(topic.startsWith("$") ? tail : tail.union(Names.letters("#")));
  }

  /** Every topic that is matched by some filter of the language. */
  public static Language topics(Language filters) {
    return topics(filters, true);
  }

  /** The same without {@code a} for {@code a/#}, which an inclusive listener does not ask about. */
  static Language topicsBelow(Language filters) {
    return topics(filters, false);
  }

  private static Language topics(Language filters, boolean parents) {
    var wellFormed = filters.and(Names.FILTERS);
    var tame = image(wellFormed.minus(WILD), parents);
    var wild = image(wellFormed.and(WILD), parents).minus(SYSTEM);
    return tame.or(wild).and(Names.TOPICS);
  }

  /** Puts in the place of each wildcard what it stands for. */
  private static Language image(Language filters, boolean parents) {
    var image = filters.automaton().clone();
    var jumps = new ArrayList<StatePair>();
    for (var state : new ArrayList<>(image.getStates())) {
      for (var transition : new ArrayList<>(state.getTransitions())) {
        if (holds(transition, '+')) {
          anyLevel(state, transition.getDest(), jumps);
        }
        if (holds(transition, '#')) {
          jumps.add(new StatePair(state, anything()));
        }
        if (parents && holds(transition, '/') && transition.getDest().step('#') != null) {
          jumps.add(new StatePair(state, end()));
        }
      }
    }
    image.setDeterministic(false);
    image.addEpsilons(jumps);
    return Language.of(image);
  }

  private static boolean holds(Transition transition, char letter) {
    return transition.getMin() <= letter && letter <= transition.getMax();
  }

  private static void anyLevel(State from, State to, List<StatePair> jumps) {
    var inside = new State();
    inside.addTransition(new Transition('\0', '.', inside));
    inside.addTransition(new Transition('0', '\u00FF', inside));
    jumps.add(new StatePair(from, inside));
    jumps.add(new StatePair(inside, to));
  }

  private static State anything() {
    var anything = end();
    anything.addTransition(new Transition('\0', '\u00FF', anything));
    return anything;
  }

  private static State end() {
    var end = new State();
    end.setAccept(true);
    return end;
  }
}
