package io.sallyport.control.rotation;

import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.registry.CertificateRecord;

/** What became of a device's request for its next certificate. */
public sealed interface RotationAnswer {
  /** It has one; the very same for the very same request. */
  record Issued(CertificateRecord certificate) implements RotationAnswer {}

  /**
   * It has none, and what it had is as it was.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Enrolment.Why why, String reason, String detail) implements RotationAnswer {}
}
