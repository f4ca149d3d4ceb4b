package io.sallyport.gateway.tls;

import java.security.cert.CertificateException;

/** A certificate that does not open the gate; found again as a cause of the failed handshake. */
public final class CertificateRefused extends CertificateException {
  private static final long serialVersionUID = 1L;

  private final HandshakeRefusal refusal;
  private final String subject;
  private final boolean verified;

  private CertificateRefused(
      HandshakeRefusal refusal, String subject, boolean verified, String message) {
    super(message);
    this.refusal = refusal;
    this.subject = subject;
    this.verified = verified;
  }

  /** A certificate that could be anybody's. */
  static CertificateRefused unverified(HandshakeRefusal refusal, String claimed, String detail) {
    return new CertificateRefused(refusal, claimed, false, message(refusal, detail));
  }

  /** A certificate of ours that does not open the gate now. */
  static CertificateRefused verified(HandshakeRefusal refusal, VerifiedDevice device) {
    return verified(refusal, device, "");
  }

  /** The same, and more about why. */
  static CertificateRefused verified(
      HandshakeRefusal refusal, VerifiedDevice device, String detail) {
    return new CertificateRefused(refusal, device.id().value(), true, message(refusal, detail));
  }

  private static String message(HandshakeRefusal refusal, String detail) {
    return refusal.text() + (detail.isEmpty() ? "" : ": " + detail);
  }

  public HandshakeRefusal refusal() {
    return refusal;
  }

  /** Whom the certificate names. */
  public String subject() {
    return subject;
  }

  /** Whether a CA of ours says so; otherwise the name is a claim and not to be believed. */
  public boolean isVerified() {
    return verified;
  }

  /** No stack trace: whoever can be refused must not be able to make it expensive. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
