package io.sallyport.policy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A stretch of a pattern between two runs: so many letters, none of them optional. */
final class GlobSegment {
  private static final int NONE = -1;

  // What a piece is: a place among the slots, or one of these.
  private static final int TEXT = -1;
  private static final int LETTER = -2;

  private static final byte[] NO_TEXT = {};

  private final int[] pieces;
  private final byte[][] texts;

  private GlobSegment(int[] pieces, byte[][] texts) {
    this.pieces = pieces;
    this.texts = texts;
  }

  static GlobSegment of(List<GlobItem> items, Map<Variable, Integer> places) {
    var building = new Building();
    for (var item : items) {
      switch (item) {
        case GlobItem.Letter(int codePoint) ->
            building.text.writeBytes(
                Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
        case GlobItem.AnyLetter() -> building.add(LETTER);
        case GlobItem.Value(var variable) -> building.add(place(variable, places));
        case GlobItem.AnyRun() -> throw new IllegalArgumentException("a run inside a segment");
      }
    }
    return building.segment();
  }

  private static int place(Variable variable, Map<Variable, Integer> places) {
    var place = places.get(variable);
    if (place == null) {
      throw new IllegalArgumentException("a variable without a place: " + variable);
    }
    return place;
  }

  /** Joins neighbouring letters, so that a whole text is compared at once. */
  private static final class Building {
    final ByteArrayOutputStream text = new ByteArrayOutputStream();
    final List<Integer> pieces = new ArrayList<>();
    final List<byte[]> texts = new ArrayList<>();

    void add(int piece) {
      endText();
      pieces.add(piece);
      texts.add(NO_TEXT);
    }

    private void endText() {
      if (text.size() > 0) {
        pieces.add(TEXT);
        texts.add(text.toByteArray());
        text.reset();
      }
    }

    GlobSegment segment() {
      endText();
      return new GlobSegment(
          pieces.stream().mapToInt(Integer::intValue).toArray(), texts.toArray(byte[][]::new));
    }
  }

  private byte[] text(int piece, Slots slots) {
    return pieces[piece] == TEXT ? texts[piece] : slots.value(pieces[piece]);
  }

  /** Where the segment ends if it begins exactly at {@code from}, or -1. */
  int endFrom(byte[] name, int from, int limit, Slots slots) {
    int at = from;
    for (int i = 0; i < pieces.length; i++) {
      if (pieces[i] == LETTER) {
        if (at >= limit) {
          return NONE;
        }
        at += Utf8.lengthAt(name, at);
      } else {
        var text = text(i, slots);
        int end = at + text.length;
        if (end > limit || !Arrays.equals(name, at, end, text, 0, text.length)) {
          return NONE;
        }
        at = end;
      }
    }
    return at;
  }

  /** Where the segment begins if it ends with the name and not before {@code limit}, or -1. */
  int startBefore(byte[] name, int limit, Slots slots) {
    int at = name.length;
    for (int i = pieces.length - 1; i >= 0; i--) {
      if (pieces[i] == LETTER) {
        if (at <= limit) {
          return NONE;
        }
        at = Utf8.startBefore(name, at);
      } else {
        var text = text(i, slots);
        int start = at - text.length;
        if (start < limit || !Arrays.equals(name, start, at, text, 0, text.length)) {
          return NONE;
        }
        at = start;
      }
    }
    return at;
  }

  /** Where the first occurrence at or after {@code from} ends, or -1. */
  int search(byte[] name, int from, int limit, Slots slots) {
    for (int at = from; at <= limit; at++) {
      int end =
          at < limit && Utf8.isContinuation(name[at]) ? NONE : endFrom(name, at, limit, slots);
      if (end >= 0) {
        return end;
      }
    }
    return NONE;
  }
}
