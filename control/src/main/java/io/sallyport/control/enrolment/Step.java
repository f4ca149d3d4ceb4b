package io.sallyport.control.enrolment;

import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.registry.Certificates.Signed;
import io.sallyport.identity.Serial;

/** How far one of the requests of a batch has come. */
sealed interface Step {
  /** Nothing more will be done. */
  record Stopped(Refused refused) implements Step {}

  /** A serial is recorded; a certificate may be signed. */
  record Reserved(CheckedRequest request, Serial serial) implements Step {}

  /** A certificate is signed; it is not active. */
  record Certified(CheckedRequest request, Signed signed) implements Step {}
}
