package io.sallyport.policy.analysis;

import io.sallyport.policy.StatementView.AnyLetter;
import io.sallyport.policy.StatementView.AnyRun;
import io.sallyport.policy.StatementView.Letters;
import io.sallyport.policy.StatementView.Piece;
import io.sallyport.policy.StatementView.Value;
import io.sallyport.policy.analysis.Valuation.AnyId;
import io.sallyport.policy.analysis.Valuation.Extended;
import io.sallyport.policy.analysis.Valuation.Gap;
import io.sallyport.policy.analysis.Valuation.Knowledge;
import io.sallyport.policy.analysis.Valuation.Known;
import io.sallyport.policy.analysis.Valuation.Missing;
import io.sallyport.policy.analysis.Valuation.Unknown;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/**
 * A pattern as an automaton over bytes that never goes back: at each position it may stay, go on to
 * the next by a byte, or go on by nothing. It is meant for well-formed names only.
 */
final class Pattern {
  private static final int NOWHERE = -1;

  private final List<BitSet> stays = new ArrayList<>();
  private final List<BitSet> steps = new ArrayList<>();
  private final BitSet skips = new BitSet();
  private int endsAlsoAt = NOWHERE;

  private Pattern() {
    stays.add(ByteSet.NONE);
  }

  /** The pattern with the values put in; one that is not known stands for anything. */
  static Pattern of(List<Piece> pieces, Valuation values) {
    var pattern = new Pattern();
    pattern.all(pieces, values);
    return pattern;
  }

  private void all(List<Piece> pieces, Valuation values) {
    for (var piece : pieces) {
      switch (piece) {
        case Letters(var text) -> text(text);
        case AnyLetter() -> letter();
        case AnyRun() -> run(ByteSet.ALL);
        case Value(var variable) -> value(values.of(variable));
      }
    }
  }

  private void value(Knowledge knowledge) {
    switch (knowledge) {
      case Known(var value) -> text(value);
      // No byte leads over a gap: who looks at one puts the names in by other means.
      case Gap() -> step(ByteSet.NONE, ByteSet.NONE);
      case AnyId() -> {
        step(ByteSet.IDS, ByteSet.NONE);
        run(ByteSet.IDS);
      }
      case Extended(var id) -> {
        text(id + ":");
        run(ByteSet.IDS);
      }
      case Missing(), Unknown() -> {
        letter();
        run(ByteSet.ALL);
      }
    }
  }

  /** The topics that a filter without a share group matches (MQTT 5, 4.7). */
  static Pattern topics(String filter) {
    return topics(filter, text -> List.of(new Letters(text)), _ -> new Unknown());
  }

  /** The same with what the text of a level is made of. */
  static Pattern topics(String filter, Function<String, List<Piece>> pieces, Valuation values) {
    var pattern = new Pattern();
    var levels = filter.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      boolean last = i == levels.length - 1;
      switch (levels[i]) {
        case "#" -> pattern.multiLevel(i);
        case "+" -> pattern.run(ByteSet.IN_LEVEL);
        default -> pattern.all(pieces.apply(levels[i]), values);
      }
      if (!last && !(i == levels.length - 2 && levels[i + 1].equals("#"))) {
        pattern.text("/");
      }
    }
    return pattern;
  }

  /** Also the parent itself: {@code a/#} matches {@code a} (MQTT 5, 4.7.1.2). */
  private void multiLevel(int level) {
    if (level > 0) {
      int parent = size();
      text("/");
      run(ByteSet.ALL);
      endsAlsoAt = parent;
    } else {
      run(ByteSet.ALL);
    }
  }

  private void text(String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      step(ByteSet.single(b), ByteSet.NONE);
    }
  }

  private void letter() {
    step(ByteSet.STARTS, ByteSet.CONTINUATIONS);
  }

  private void run(BitSet bytes) {
    // A position of its own: what stays before must not mix with what stays here.
    int here = size();
    skips.set(here);
    steps.add(ByteSet.NONE);
    stays.add(bytes);
  }

  private void step(BitSet bytes, BitSet afterwards) {
    steps.add(bytes);
    stays.add(afterwards);
  }

  /** The number of elements; positions go from 0 to this. */
  int size() {
    return steps.size();
  }

  BitSet stayAt(int position) {
    return stays.get(position);
  }

  /** What leads from this position to the next. */
  BitSet stepFrom(int position) {
    return steps.get(position);
  }

  /** Whether the next position is reached by nothing. */
  boolean skipsFrom(int position) {
    return skips.get(position);
  }

  boolean endsAt(int position) {
    return position == size() || position == endsAlsoAt;
  }

  /** Whether the whole name fits. */
  boolean matches(byte[] name) {
    var at = after(name);
    return at.get(size()) || (endsAlsoAt != NOWHERE && at.get(endsAlsoAt));
  }

  /** The positions after these bytes; from each the pattern can be fulfilled. */
  BitSet after(byte[] bytes) {
    var at = new BitSet();
    enter(0, at);
    for (byte b : bytes) {
      var next = new BitSet();
      for (int p = at.nextSetBit(0); p >= 0; p = at.nextSetBit(p + 1)) {
        if (stays.get(p).get(b & 0xFF)) {
          enter(p, next);
        }
        if (p < size() && steps.get(p).get(b & 0xFF)) {
          enter(p + 1, next);
        }
      }
      at = next;
    }
    return at;
  }

  private void enter(int position, BitSet at) {
    at.set(position);
    for (int p = position; p < size() && skips.get(p); p++) {
      at.set(p + 1);
    }
  }
}
