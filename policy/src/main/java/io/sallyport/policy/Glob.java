package io.sallyport.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A pattern over UTF-8 names, matched from left to right without ever going back to an earlier
 * {@code *}: between two of them the first place that fits is as good as any later one.
 */
final class Glob {
  // What stands before the first run, between two runs, and behind the last; empty ones count.
  private final GlobSegment[] segments;
  private final List<GlobItem> items;

  private Glob(GlobSegment[] segments, List<GlobItem> items) {
    this.segments = segments;
    this.items = items;
  }

  /** What it was made of. */
  List<GlobItem> items() {
    return items;
  }

  /** A pattern without variables. */
  static Glob of(List<GlobItem> items) {
    return of(items, Map.of());
  }

  /** A pattern whose variables have these places among the slots. */
  static Glob of(List<GlobItem> items, Map<Variable, Integer> places) {
    var segments = new ArrayList<GlobSegment>();
    int start = 0;
    for (int i = 0; i <= items.size(); i++) {
      if (i == items.size() || items.get(i) instanceof GlobItem.AnyRun) {
        segments.add(GlobSegment.of(items.subList(start, i), places));
        start = i + 1;
      }
    }
    return new Glob(segments.toArray(GlobSegment[]::new), items);
  }

  /** Whether the whole name, which is valid UTF-8, fits. */
  boolean matches(byte[] name, Slots slots) {
    int last = segments.length - 1;
    int at = segments[0].endFrom(name, 0, name.length, slots);
    if (at < 0 || last == 0) {
      return at == name.length;
    }
    int end = segments[last].startBefore(name, at, slots);
    for (int i = 1; i < last && end >= 0 && at >= 0; i++) {
      at = segments[i].search(name, at, end, slots);
    }
    return end >= 0 && at >= 0;
  }
}
