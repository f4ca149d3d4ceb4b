package io.sallyport.app.installation;

import io.sallyport.identity.Fingerprint;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** Fingerprints of certificates at hand. */
public final class Fingerprints {
  private Fingerprints() {}

  public static String of(X509Certificate certificate) {
    try {
      return Fingerprint.ofDer(certificate.getEncoded()).hex();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was parsed can be encoded", e);
    }
  }
}
