package io.sallyport.policy.analysis;

import dk.brics.automaton.Automaton;
import dk.brics.automaton.State;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds a word of the fewest bytes, and among those one that a person likes to read. */
final class Shortest {
  private static final byte[] BY_READABILITY =
      ("abcdefghijklmnopqrstuvwxyz0123456789/-_:.ABCDEFGHIJKLMNOPQRSTUVWXYZ#+$ "
              + "!\"%&'()*,;<=>?@[\\]^`{|}~")
          .getBytes(StandardCharsets.US_ASCII);

  private Shortest() {}

  static Optional<String> of(Automaton automaton) {
    var distances = distances(automaton);
    var at = automaton.getInitialState();
    var left = distances.get(at);
    if (left == null) {
      return Optional.empty();
    }
    var word = new ByteArrayOutputStream();
    for (int rest = left - 1; rest >= 0; rest--) {
      int letter = letter(at, rest, distances);
      word.write(letter);
      var next = at.step((char) letter);
      if (next == null) {
        throw new IllegalStateException("an arrow is gone");
      }
      at = next;
    }
    return Optional.of(word.toString(StandardCharsets.UTF_8));
  }

  private static int letter(State from, int rest, Map<State, Integer> distances) {
    for (byte readable : BY_READABILITY) {
      if (leads(from.step((char) readable), rest, distances)) {
        return readable;
      }
    }
    for (int b = 0; b < ByteSet.SIZE; b++) {
      if (leads(from.step((char) b), rest, distances)) {
        return b;
      }
    }
    throw new IllegalStateException("no arrow leads nearer to the end");
  }

  private static boolean leads(@Nullable State to, int rest, Map<State, Integer> distances) {
    var distance = to == null ? null : distances.get(to);
    return distance != null && distance == rest;
  }

  /** How many bytes each state is away from an end; states that reach none are left out. */
  private static Map<State, Integer> distances(Automaton automaton) {
    var before = new HashMap<State, List<State>>();
    var distances = new HashMap<State, Integer>();
    var open = new ArrayDeque<State>();
    for (var state : automaton.getStates()) {
      for (var transition : state.getTransitions()) {
        before.computeIfAbsent(transition.getDest(), _ -> new ArrayList<>()).add(state);
      }
      if (state.isAccept()) {
        distances.put(state, 0);
        open.add(state);
      }
    }
    while (!open.isEmpty()) {
      var state = open.remove();
      for (var source : before.getOrDefault(state, List.of())) {
        if (distances.putIfAbsent(source, distances.getOrDefault(state, 0) + 1) == null) {
          open.add(source);
        }
      }
    }
    return distances;
  }
}
