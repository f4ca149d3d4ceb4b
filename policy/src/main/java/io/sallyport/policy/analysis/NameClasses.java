package io.sallyport.policy.analysis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of principals, divided into classes that no pattern tells apart: one name of each class
 * answers for all of it (decision 0008). A name is tried from wherever in a pattern one can begin,
 * and two names are alike if they lead from each such place to the same places, of which only those
 * count that can go on with something that is no letter of an id.
 */
final class NameClasses {
  /** Bound: states of the search, and classes that it may find. */
  static final int STATES_MAX = 5_000;

  static final int CLASSES_MAX = 1_000;

  /** Bound: places in patterns that are followed side by side. */
  private static final int PLACES_MAX = 20_000;

  private static final int ID_LENGTH_MAX = 128;
  private static final String BY_READABILITY =
      "abcdefghijklmnopqrstuvwxyz0123456789-_:ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /** A place in a pattern, as far as the letters of ids are concerned. */
  private record Place(BitSet stay, BitSet step, boolean skips, boolean counts) {}

  private record Name(String text, BitSet at) {}

  private record Key(BitSet at, BitSet afterColon) {}

  private final Map<List<Place>, Integer> segments = new LinkedHashMap<>();
  private final BitSet start = new BitSet();
  private final List<Place> places = new ArrayList<>();

  /** Takes a pattern of topics or filters into account. */
  void topics(Collection<Pattern> patterns) {
    for (var pattern : patterns) {
      var begins = begins(pattern);
      for (int p = begins.nextSetBit(0); p >= 0; p = begins.nextSetBit(p + 1)) {
        segment(pattern, p, false);
      }
    }
  }

  /** Takes patterns into account that are compared with nothing but an id. */
  void ids(Collection<Pattern> patterns) {
    for (var pattern : patterns) {
      var begins = new BitSet();
      enter(pattern, 0, begins);
      for (int p = begins.nextSetBit(0); p >= 0; p = begins.nextSetBit(p + 1)) {
        segment(pattern, p, true);
      }
    }
  }

  /** Where a pattern can be in front of a name: at its start, or behind what is in no id. */
  private static BitSet begins(Pattern pattern) {
    var begins = new BitSet();
    enter(pattern, 0, begins);
    for (int p = 0; p <= pattern.size(); p++) {
      if (leaves(pattern.stayAt(p))) {
        enter(pattern, p, begins);
      }
      if (p < pattern.size() && leaves(pattern.stepFrom(p))) {
        enter(pattern, p + 1, begins);
      }
    }
    return begins;
  }

  private static void enter(Pattern pattern, int place, BitSet places) {
    places.set(place);
    for (int p = place; p < pattern.size() && pattern.skipsFrom(p); p++) {
      places.set(p + 1);
    }
  }

  private static boolean leaves(BitSet bytes) {
    var others = (BitSet) bytes.clone();
    others.andNot(ByteSet.IDS);
    return !others.isEmpty();
  }

  /** The places that the letters of a name can come to; equal ones are followed only once. */
  private void segment(Pattern pattern, int begin, boolean whole) {
    var segment = new ArrayList<Place>();
    boolean further = true;
    for (int p = begin; further; p++) {
      var stay = ofIds(pattern.stayAt(p));
      boolean last = p == pattern.size();
      var step = last ? ByteSet.NONE : ofIds(pattern.stepFrom(p));
      boolean skips = !last && pattern.skipsFrom(p);
      boolean counts =
          pattern.endsAt(p)
              || (!whole && (leaves(pattern.stayAt(p)) || (!last && leaves(pattern.stepFrom(p)))));
      segment.add(new Place(stay, step, skips, counts));
      further = skips || !step.isEmpty();
    }
    if (segment.size() > 1 || !segment.getFirst().stay.isEmpty()) {
      add(segment);
    }
  }

  private void add(List<Place> segment) {
    if (segments.putIfAbsent(segment, places.size()) == null) {
      int first = places.size();
      places.addAll(segment);
      if (places.size() > PLACES_MAX) {
        throw new TooComplex(PLACES_MAX);
      }
      enter(first, start);
    }
  }

  private static BitSet ofIds(BitSet bytes) {
    var ids = (BitSet) bytes.clone();
    ids.and(ByteSet.IDS);
    return ids;
  }

  private void enter(int place, BitSet to) {
    to.set(place);
    for (int p = place; places.get(p).skips; p++) {
      to.set(p + 1);
    }
  }

  /**
   * A shortest name of each class, the preferred one in the place of its own.
   *
   * @param preferred what stands for its class, if it is one of many
   */
  List<String> representatives(String preferred) {
    var found = new LinkedHashMap<Key, String>();
    var at = start;
    for (int i = 0; i < preferred.length(); i++) {
      at = next(at, preferred.charAt(i));
    }
    found.put(key(at), preferred);
    var letters = letters();
    var seen = new HashSet<BitSet>();
    var open = new ArrayDeque<Name>();
    open.add(new Name("", start));
    while (!open.isEmpty()) {
      var name = open.remove();
      for (int i = 0; name.text.length() < ID_LENGTH_MAX && i < letters.length(); i++) {
        var next = next(name.at, letters.charAt(i));
        if (seen.add(next)) {
          var longer = new Name(name.text + letters.charAt(i), next);
          found.putIfAbsent(key(next), longer.text);
          open.add(longer);
        }
      }
      if (seen.size() > STATES_MAX || found.size() > CLASSES_MAX) {
        throw new TooComplex(STATES_MAX);
      }
    }
    return List.copyOf(found.values());
  }

  private BitSet next(BitSet from, int letter) {
    var next = new BitSet();
    for (int p = from.nextSetBit(0); p >= 0; p = from.nextSetBit(p + 1)) {
      var place = places.get(p);
      if (place.stay.get(letter)) {
        enter(p, next);
      }
      if (place.step.get(letter)) {
        enter(p + 1, next);
      }
    }
    return next;
  }

  /** What a name leads to, as it is and as the beginning of a client id {@code <name>:…}. */
  private Key key(BitSet at) {
    var counting = (BitSet) at.clone();
    for (int p = at.nextSetBit(0); p >= 0; p = at.nextSetBit(p + 1)) {
      counting.set(p, places.get(p).counts);
    }
    return new Key(counting, next(at, ':'));
  }

  /** One letter of each kind that some place tells apart, the readable ones first. */
  private String letters() {
    var sets = new HashSet<BitSet>();
    for (var place : places) {
      sets.add(place.stay);
      sets.add(place.step);
    }
    var kinds = new HashMap<List<Boolean>, Character>();
    var ordered = List.copyOf(sets);
    var letters = new StringBuilder();
    for (int i = 0; i < BY_READABILITY.length(); i++) {
      char letter = BY_READABILITY.charAt(i);
      if (kinds.putIfAbsent(ordered.stream().map(set -> set.get(letter)).toList(), letter)
          == null) {
        letters.append(letter);
      }
    }
    return letters.toString();
  }
}
