package io.sallyport.ledger;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One thing that happened and that somebody may have to answer for.
 *
 * <p>Its texts may come from a device: what no store keeps as it is (NUL, half of a surrogate pair)
 * is replaced by U+FFFD here, or a record would not verify after it was read back.
 *
 * @param at when, to the millisecond
 * @param type what happened
 * @param actor who did it: an operator, a principal or {@code "system"}
 * @param subject whom or what it was done to: a principal's id, a policy's name, a source address
 * @param facts what else is known, never a secret; sorted, so that the canonical form is one
 */
public record SecurityEvent(
    Instant at, EventType type, String actor, String subject, SortedMap<String, String> facts) {
  public SecurityEvent {
    at = Instant.ofEpochMilli(at.toEpochMilli());
    actor = storable(actor);
    subject = storable(subject);
    var sorted = new TreeMap<String, String>();
    facts.forEach((name, value) -> sorted.put(storable(name), storable(value)));
    facts = Collections.unmodifiableSortedMap(sorted);
  }

  /** An event whose facts are given in any order. */
  public static SecurityEvent of(
      Instant at, EventType type, String actor, String subject, Map<String, String> facts) {
    return new SecurityEvent(at, type, actor, subject, new TreeMap<>(facts));
  }

  private static String storable(String text) {
    if (text.chars().noneMatch(SecurityEvent::isSuspect)) {
      return text;
    }
    var cleaned = new StringBuilder(text.length());
    text.codePoints()
        .map(point -> isSuspect(point) ? 0xFFFD : point)
        .forEach(cleaned::appendCodePoint);
    return cleaned.toString();
  }

  /** NUL or a surrogate; among code points, a surrogate is one that stands alone. */
  private static boolean isSuspect(int unit) {
    return unit == 0 || (unit >= Character.MIN_SURROGATE && unit <= Character.MAX_SURROGATE);
  }
}
