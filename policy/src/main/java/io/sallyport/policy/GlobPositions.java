package io.sallyport.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The patterns of many rules as one long row of positions, over an alphabet of byte classes (bytes
 * that no pattern tells apart) and one further symbol for each variable.
 */
final class GlobPositions {
  private enum Kind {
    BYTE,
    ANY_LETTER,
    ANY_RUN,
    VALUE,
    END
  }

  private static final int BYTES = 256;
  private static final int OTHER_START = 0;
  private static final int OTHER_CONTINUATION = 1;

  private final List<Kind> kinds = new ArrayList<>();
  // What a position waits for: a byte's class, a value's symbol, or the rule that ends there.
  private final List<Integer> wants = new ArrayList<>();
  private final List<Integer> starts = new ArrayList<>();
  private final int[] classes = new int[BYTES];
  private final List<Integer> places = new ArrayList<>();
  private int classCount = 2;

  /**
   * All patterns.
   *
   * @param rules the patterns of each rule
   * @param placeOf the places of variables among a session's slots
   */
  GlobPositions(List<List<List<GlobItem>>> rules, Map<Variable, Integer> placeOf) {
    for (int b = 0; b < BYTES; b++) {
      classes[b] = Utf8.isContinuation((byte) b) ? OTHER_CONTINUATION : OTHER_START;
    }
    eachItem(rules, this::learnBytes);
    eachItem(rules, item -> learnValue(item, placeOf));
    for (int rule = 0; rule < rules.size(); rule++) {
      for (var pattern : rules.get(rule)) {
        starts.add(kinds.size());
        pattern.forEach(item -> append(item, placeOf));
        append(Kind.END, rule);
      }
    }
  }

  private static void eachItem(
      List<List<List<GlobItem>>> rules, java.util.function.Consumer<GlobItem> consumer) {
    rules.forEach(patterns -> patterns.forEach(items -> items.forEach(consumer)));
  }

  private void learnBytes(GlobItem item) {
    for (byte b : bytes(item)) {
      if (classes[b & 0xFF] <= OTHER_CONTINUATION) {
        classes[b & 0xFF] = classCount++;
      }
    }
  }

  private void learnValue(GlobItem item, Map<Variable, Integer> placeOf) {
    if (item instanceof GlobItem.Value(var variable)) {
      var place = placeOf.get(variable);
      if (place == null) {
        throw new IllegalArgumentException("a variable without a place: " + variable);
      }
      if (!places.contains(place)) {
        places.add(place);
      }
    }
  }

  private static byte[] bytes(GlobItem item) {
    return item instanceof GlobItem.Letter(int codePoint)
        ? Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)
        : new byte[0];
  }

  private void append(GlobItem item, Map<Variable, Integer> placeOf) {
    switch (item) {
      case GlobItem.Letter _ -> {
        for (byte b : bytes(item)) {
          append(Kind.BYTE, classes[b & 0xFF]);
        }
      }
      case GlobItem.AnyLetter() -> append(Kind.ANY_LETTER, 0);
      case GlobItem.AnyRun() -> append(Kind.ANY_RUN, 0);
      case GlobItem.Value(var variable) ->
          append(Kind.VALUE, classCount + places.indexOf(placeOf.get(variable)));
    }
  }

  private void append(Kind kind, int wanted) {
    kinds.add(kind);
    wants.add(wanted);
  }

  /** The class of each byte. */
  int[] classes() {
    return classes.clone();
  }

  /** Classes and values. */
  int symbols() {
    return classCount + places.size();
  }

  /** The first symbol that stands for a value; the others follow it. */
  int firstValue() {
    return classCount;
  }

  /** The places among a session's slots of the values, in the order of their symbols. */
  int[] places() {
    return places.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Where everything begins, in order and without doubles. */
  int[] start() {
    var reached = new Reached();
    starts.forEach(reached::add);
    return reached.sorted();
  }

  /** Where one symbol leads from these positions. */
  int[] step(int[] from, int symbol, boolean isContinuation) {
    var reached = new Reached();
    boolean isValue = symbol >= classCount;
    for (int position : from) {
      // After any letter, the rest of that letter's bytes.
      if (isContinuation && position > 0 && kinds.get(position - 1) == Kind.ANY_LETTER) {
        reached.add(position);
      }
      boolean goesOn =
          switch (kinds.get(position)) {
            case BYTE, VALUE -> wants.get(position) == symbol;
            case ANY_LETTER -> !isValue && !isContinuation;
            case ANY_RUN, END -> false;
          };
      if (goesOn) {
        reached.add(position + 1);
      }
      if (kinds.get(position) == Kind.ANY_RUN && !isValue) {
        reached.add(position);
      }
    }
    return reached.sorted();
  }

  /** Whether a value may begin at one of these positions. */
  boolean expectsValue(int[] from) {
    return Arrays.stream(from).anyMatch(position -> kinds.get(position) == Kind.VALUE);
  }

  /** The rules that end at one of these positions, in order and without doubles. */
  int[] ended(int[] positions) {
    return Arrays.stream(positions)
        .filter(position -> kinds.get(position) == Kind.END)
        .map(wants::get)
        .sorted()
        .distinct()
        .toArray();
  }

  /** Collects positions; one before a run is also behind it. */
  private final class Reached {
    private final java.util.TreeSet<Integer> positions = new java.util.TreeSet<>();

    void add(int position) {
      int at = position;
      while (positions.add(at) && kinds.get(at) == Kind.ANY_RUN) {
        at++;
      }
    }

    int[] sorted() {
      return positions.stream().mapToInt(Integer::intValue).toArray();
    }
  }
}
