package io.sallyport.gateway.tls;

import java.time.Duration;

/**
 * The first door's bounds.
 *
 * @param handshakeTimeout from accepted socket to finished handshake
 * @param handshakesMax most connections in their handshake at once; more are closed at once
 * @param ticketKeyPeriod how long a ticket key encrypts; it decrypts for one period more
 * @param verifiedCertificatesMax about how many verified certificates are remembered
 */
public record TlsSettings(
    Duration handshakeTimeout,
    int handshakesMax,
    Duration ticketKeyPeriod,
    int verifiedCertificatesMax) {
  /** What a user gets who configures nothing. */
  public static final TlsSettings DEFAULTS =
      new TlsSettings(Duration.ofSeconds(10), 2_000, Duration.ofHours(6), 100_000);

  public TlsSettings withHandshakeTimeout(Duration timeout) {
    return new TlsSettings(timeout, handshakesMax, ticketKeyPeriod, verifiedCertificatesMax);
  }

  public TlsSettings withHandshakesMax(int max) {
    return new TlsSettings(handshakeTimeout, max, ticketKeyPeriod, verifiedCertificatesMax);
  }

  public TlsSettings withTicketKeyPeriod(Duration period) {
    return new TlsSettings(handshakeTimeout, handshakesMax, period, verifiedCertificatesMax);
  }
}
