package io.sallyport.control.operators;

import io.sallyport.control.registry.CertificateRecord;

/** What became of a change to the operators. */
public sealed interface OperatorAnswer {
  /** Done; the operator's newest certificate where one was issued. */
  record Certified(OperatorRecord operator, CertificateRecord certificate)
      implements OperatorAnswer {}

  /** All certificates of the operator are revoked. */
  record Revoked(OperatorRecord operator) implements OperatorAnswer {}

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Why why, String reason, String detail) implements OperatorAnswer {}

  /** What kind of refusal it is. */
  enum Why {
    MALFORMED,
    UNACCEPTABLE,
    CONFLICT,
    UNKNOWN
  }
}
