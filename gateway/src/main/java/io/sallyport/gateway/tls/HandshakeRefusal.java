package io.sallyport.gateway.tls;

import io.netty.internal.tcnative.CertificateVerifier;

/** Why a certificate does not open the gate, and the TLS alert that tells the client. */
public enum HandshakeRefusal {
  UNKNOWN_CA("no device CA of ours issued it"),
  RETIRED_CA("the devices CA that issued it was retired: a new certificate is needed"),
  UNTRUSTED_PATH("its path to the root is not valid"),
  NAMES_NOBODY("it names no principal"),
  EXPIRED("it has expired"),
  NOT_YET_VALID("it is not valid yet"),
  UNKNOWN_PRINCIPAL("its principal is not known here"),
  QUARANTINED("its principal is quarantined"),
  REVOKED("it is revoked or not active");

  private final String text;

  HandshakeRefusal(String text) {
    this.text = text;
  }

  /** One clause for people. */
  public String text() {
    return text;
  }

  /** The verification result that BoringSSL makes the fitting alert of. */
  int verificationResult() {
    return switch (this) {
      case UNKNOWN_CA -> CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
      case RETIRED_CA, UNTRUSTED_PATH -> CertificateVerifier.X509_V_ERR_CERT_UNTRUSTED;
      case NAMES_NOBODY -> CertificateVerifier.X509_V_ERR_INVALID_PURPOSE;
      case EXPIRED -> CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
      case NOT_YET_VALID -> CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
      case UNKNOWN_PRINCIPAL, QUARANTINED ->
          CertificateVerifier.X509_V_ERR_APPLICATION_VERIFICATION;
      case REVOKED -> CertificateVerifier.X509_V_ERR_CERT_REVOKED;
    };
  }
}
