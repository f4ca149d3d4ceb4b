package io.sallyport.control.enrolment;

import io.sallyport.control.registry.CertificateRecord;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;

/** What became of one enrolment. */
public sealed interface Enrolment {
  /** The id as it was asked for. */
  String id();

  /** Recorded and signed. */
  record Issued(PrincipalId principal, PrincipalKind kind, CertificateRecord certificate)
      implements Enrolment {
    @Override
    public String id() {
      return principal.value();
    }
  }

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(String id, Why why, String reason, String detail) implements Enrolment {}

  /** What kind of refusal it is; closed, so that whoever answers thinks of each. */
  enum Why {
    /** What was sent is not in the form that it must have. */
    MALFORMED,
    /** It is well-formed, and asks for something that is not granted. */
    UNACCEPTABLE,
    /** A device or a backend has that id, or is getting it at this moment. */
    ID_EXISTS,
    /** The public key was seen before, under another name. */
    KEY_SEEN,
    /** A policy to attach does not exist. */
    POLICY_UNKNOWN,
    /** A stored invariant would not hold for it. */
    BREACH
  }
}
