package io.sallyport.control.attestation;

import io.sallyport.identity.attestation.Claims;
import java.time.Instant;

/** What came of evidence, or why it was not looked at. */
public sealed interface AttestationAnswer {
  /** It proved what is approved. */
  record Affirmed(Claims claims, Instant until) implements AttestationAnswer {}

  /**
   * It did not.
   *
   * @param proven whether it proved that the device is not as it should be, so that it no longer
   *     counts as attested; not so for what anybody could have sent
   */
  record Refused(String reason, String detail, boolean proven) implements AttestationAnswer {}

  /** There is no such device, or it is not one that can attest. */
  record Impossible(boolean unknown, String reason, String detail) implements AttestationAnswer {}
}
