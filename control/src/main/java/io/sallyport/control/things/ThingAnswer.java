package io.sallyport.control.things;

import io.sallyport.control.registry.PrincipalRecord;

/** What became of a request to record something. */
public sealed interface ThingAnswer {
  /** It is recorded, and decisions know. */
  record Recorded(PrincipalRecord principal) implements ThingAnswer {}

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Why why, String reason, String detail) implements ThingAnswer {}

  /** What kind of refusal it is. */
  enum Why {
    MALFORMED,
    UNKNOWN,
    CONFLICT,
    /** A stored invariant would not hold afterwards. */
    BREACH
  }
}
