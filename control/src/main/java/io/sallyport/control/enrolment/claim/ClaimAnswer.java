package io.sallyport.control.enrolment.claim;

import java.util.List;

/** What became of an operator's request about claims. */
public sealed interface ClaimAnswer {
  /** The claim as it is now. */
  record Shown(ClaimRecord claim) implements ClaimAnswer {}

  /** These were ended; others of the batch were before. */
  record Killed(List<String> claims) implements ClaimAnswer {}

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Why why, String reason, String detail) implements ClaimAnswer {}

  /** What kind of refusal it is. */
  enum Why {
    MALFORMED,
    UNACCEPTABLE,
    UNKNOWN,
    CONFLICT
  }
}
