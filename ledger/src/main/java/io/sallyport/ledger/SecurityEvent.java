package io.sallyport.ledger;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One thing that happened and that somebody may have to answer for.
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
    facts = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }

  /** An event whose facts are given in any order. */
  public static SecurityEvent of(
      Instant at, EventType type, String actor, String subject, Map<String, String> facts) {
    return new SecurityEvent(at, type, actor, subject, new TreeMap<>(facts));
  }
}
