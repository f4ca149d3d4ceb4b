package io.sallyport.gateway.tls;

import java.time.Instant;

/** A signed status of our own certificate, to be shown with it until it ends. */
public final class Staple {
  private final byte[] answer;
  private final Instant until;

  /**
   * An answer of OCSP.
   *
   * @param answer in DER
   * @param until its nextUpdate; from then on it is left away
   */
  public Staple(byte[] answer, Instant until) {
    this.answer = answer.clone();
    this.until = until;
  }

  /** To be read only. */
  byte[] answer() {
    return answer;
  }

  boolean holds(Instant now) {
    return now.isBefore(until);
  }
}
