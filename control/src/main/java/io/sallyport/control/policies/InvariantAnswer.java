package io.sallyport.control.policies;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of a request about the stored invariants. */
public sealed interface InvariantAnswer {
  /**
   * What is stored now.
   *
   * @param document as it was set
   * @param at when, or null where nothing was ever set
   * @param by by whom
   */
  record Stored(String document, @Nullable Instant at, String by) implements InvariantAnswer {}

  /**
   * Nothing was changed.
   *
   * @param malformed whether the document is none, else it is true and the fleet breaks it
   */
  record Refused(boolean malformed, String reason, String detail) implements InvariantAnswer {}
}
