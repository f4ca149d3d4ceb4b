package io.sallyport.policy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

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

  private final Kind[] kinds;
  // What a position waits for: a byte's class, a value's symbol, or the rule that ends there.
  private final int[] wants;
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
    var row = new Row();
    for (int rule = 0; rule < rules.size(); rule++) {
      for (var pattern : rules.get(rule)) {
        starts.add(row.kinds.size());
        pattern.forEach(item -> append(row, item, placeOf));
        row.append(Kind.END, rule);
      }
    }
    kinds = row.kinds.toArray(Kind[]::new);
    wants = row.wants.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The row while it grows. */
  private static final class Row {
    private final List<Kind> kinds = new ArrayList<>();
    private final List<Integer> wants = new ArrayList<>();

    void append(Kind kind, int wanted) {
      kinds.add(kind);
      wants.add(wanted);
    }
  }

  private static void eachItem(List<List<List<GlobItem>>> rules, Consumer<GlobItem> consumer) {
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

  private void append(Row row, GlobItem item, Map<Variable, Integer> placeOf) {
    switch (item) {
      case GlobItem.Letter _ -> {
        for (byte b : bytes(item)) {
          row.append(Kind.BYTE, classes[b & 0xFF]);
        }
      }
      case GlobItem.AnyLetter() -> row.append(Kind.ANY_LETTER, 0);
      case GlobItem.AnyRun() -> row.append(Kind.ANY_RUN, 0);
      case GlobItem.Value(var variable) ->
          row.append(Kind.VALUE, classCount + places.indexOf(placeOf.get(variable)));
    }
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
      if (isContinuation && position > 0 && kinds[position - 1] == Kind.ANY_LETTER) {
        reached.add(position);
      }
      boolean goesOn =
          switch (kinds[position]) {
            case BYTE, VALUE -> wants[position] == symbol;
            case ANY_LETTER -> !isValue && !isContinuation;
            case ANY_RUN, END -> false;
          };
      if (goesOn) {
        reached.add(position + 1);
      }
      if (kinds[position] == Kind.ANY_RUN && !isValue) {
        reached.add(position);
      }
    }
    return reached.sorted();
  }

  /** Whether a value may begin at one of these positions. */
  boolean expectsValue(int[] from) {
    return Arrays.stream(from).anyMatch(position -> kinds[position] == Kind.VALUE);
  }

  /** The one value that is all that may follow here, by its number, or -1. */
  int onlyValue(int[] from) {
    int wanted = only(from, Kind.VALUE);
    return wanted < 0 ? -1 : wanted - classCount;
  }

  /** The bytes that must follow here, whichever pattern it will be. */
  byte[] literal(int[] from) {
    var literal = new ByteArrayOutputStream();
    var at = from;
    for (int wanted = only(at, Kind.BYTE); wanted >= 0; wanted = only(at, Kind.BYTE)) {
      literal.write(byteOf(wanted));
      at = behind(at);
    }
    return literal.toByteArray();
  }

  /** Where that many bytes of {@link #literal} lead. */
  int[] behind(int[] from, int bytes) {
    var at = from;
    for (int i = 0; i < bytes; i++) {
      at = behind(at);
    }
    return at;
  }

  private int[] behind(int[] from) {
    var reached = new Reached();
    Arrays.stream(from).forEach(position -> reached.add(position + 1));
    return reached.sorted();
  }

  /** What all positions want, if all are of this kind and want the same; else -1. */
  private int only(int[] from, Kind kind) {
    int wanted = from.length == 0 ? -1 : wants[from[0]];
    for (int position : from) {
      boolean afterAnyLetter = position > 0 && kinds[position - 1] == Kind.ANY_LETTER;
      if (kinds[position] != kind || wants[position] != wanted || afterAnyLetter) {
        return -1;
      }
    }
    return wanted;
  }

  private int byteOf(int wanted) {
    int b = 0;
    while (classes[b] != wanted) {
      b++;
    }
    return b;
  }

  /** Whether whatever follows changes nothing any more. */
  boolean isSettled(int[] from) {
    return Arrays.stream(from)
        .allMatch(
            position ->
                kinds[position] == Kind.ANY_RUN
                    ? kinds[position + 1] == Kind.END || kinds[position + 1] == Kind.ANY_RUN
                    : kinds[position] == Kind.END
                        && position > 0
                        && kinds[position - 1] == Kind.ANY_RUN);
  }

  /** The rules that end at one of these positions, in order and without doubles. */
  int[] ended(int[] positions) {
    return Arrays.stream(positions)
        .filter(position -> kinds[position] == Kind.END)
        .map(position -> wants[position])
        .sorted()
        .distinct()
        .toArray();
  }

  /** Collects positions; one before a run is also behind it. */
  private final class Reached {
    private final TreeSet<Integer> positions = new TreeSet<>();

    void add(int position) {
      int at = position;
      while (positions.add(at) && kinds[at] == Kind.ANY_RUN) {
        at++;
      }
    }

    int[] sorted() {
      return positions.stream().mapToInt(Integer::intValue).toArray();
    }
  }
}
