package io.sallyport.control.enrolment.authority;

/** What became of an operator's request about tokens and applications. */
public sealed interface AuthorityAnswer {
  /** A new token; its secret is told here and never again. */
  record TokenMade(TokenRecord token, String secret) implements AuthorityAnswer {}

  /** A token as it was before it was revoked. */
  record TokenRevoked(TokenRecord token) implements AuthorityAnswer {}

  /** An application as it is now. */
  record Decided(ApplicationRecord application) implements AuthorityAnswer {}

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Why why, String reason, String detail) implements AuthorityAnswer {}

  /** What kind of refusal it is. */
  enum Why {
    MALFORMED,
    UNKNOWN,
    CONFLICT
  }
}
