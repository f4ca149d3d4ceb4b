package io.sallyport.control.enrolment.authority;

import io.sallyport.control.registry.CertificateRecord;

/** What the desk says to a device that asks for a certificate itself. */
public sealed interface DeskAnswer {
  /** Here it is; perhaps it was issued before, and the answer was lost. */
  record Issued(CertificateRecord certificate) implements DeskAnswer {}

  /** An operator has to decide. */
  record Pending() implements DeskAnswer {}

  /** It gets none. */
  record Refused(Why why, String detail) implements DeskAnswer {}

  /** What kind of refusal it is. */
  enum Why {
    NOT_AUTHENTICATED,
    MALFORMED,
    FORBIDDEN,
    BUSY
  }
}
