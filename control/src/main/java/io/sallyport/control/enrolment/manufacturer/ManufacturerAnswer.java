package io.sallyport.control.enrolment.manufacturer;

/** What became of an operator's request about manufacturers. */
public sealed interface ManufacturerAnswer {
  /** The manufacturer as it is now, or was when it was removed. */
  record Shown(ManufacturerRecord manufacturer) implements ManufacturerAnswer {}

  /** So many serial numbers were changed; others were like that before. */
  record Changed(int serials) implements ManufacturerAnswer {}

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Why why, String reason, String detail) implements ManufacturerAnswer {}

  /** What kind of refusal it is. */
  enum Why {
    MALFORMED,
    UNKNOWN,
    CONFLICT
  }
}
