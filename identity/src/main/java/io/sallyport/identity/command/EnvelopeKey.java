package io.sallyport.identity.command;

import io.sallyport.identity.cose.CoseAlgorithm;

/** A private key, wherever it is, that signs envelopes and nothing else. */
public interface EnvelopeKey {
  /** What it signs by. */
  CoseAlgorithm algorithm();

  /**
   * Signs bytes; an ECDSA signature is r and s, one after the other (RFC 9053, section 2.1).
   *
   * @throws RuntimeException when the key is out of reach
   */
  byte[] sign(byte[] bytes);
}
