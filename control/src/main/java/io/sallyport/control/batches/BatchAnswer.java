package io.sallyport.control.batches;

/** What became of a request about batches. */
public sealed interface BatchAnswer {
  /** The batch as it is now; made, closed or only looked at. */
  record Shown(BatchRecord batch) implements BatchAnswer {}

  /**
   * The batch is killed.
   *
   * @param revoked so many by this request; more remain where the batch says so
   */
  record Killed(BatchRecord batch, int revoked) implements BatchAnswer {}

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Why why, String reason, String detail) implements BatchAnswer {}

  /** What kind of refusal it is. */
  enum Why {
    MALFORMED,
    UNKNOWN,
    CONFLICT
  }
}
