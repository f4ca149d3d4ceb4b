package io.sallyport.gateway.est;

import java.security.cert.X509Certificate;
import java.time.Duration;

/** What became of a request for a certificate. */
public sealed interface EstAnswer {
  /** Here it is. */
  record Issued(X509Certificate certificate) implements EstAnswer {}

  /** Somebody has to decide: the same request is to be sent again after that time. */
  record Pending(Duration retryAfter) implements EstAnswer {}

  /**
   * It is not issued.
   *
   * @param reason one sentence for whoever reads the device's log
   */
  record Refused(Why why, String reason) implements EstAnswer {}

  /** What kind of refusal it is; closed, so that whoever answers thinks of each. */
  enum Why {
    /** The credentials are not good. */
    NOT_AUTHENTICATED,
    /** The request cannot be read. */
    MALFORMED,
    /** It can be read, and asks for what is not given, or not to this applicant. */
    FORBIDDEN,
    /** Too many wait for an operator, or the like: later perhaps. */
    BUSY
  }
}
