package io.sallyport.gateway.est;

import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Certificates as a CMS SignedData that nobody signed (RFC 5272, 4.1): "certs-only". */
final class CertsOnly {
  private CertsOnly() {}

  static byte[] of(List<X509Certificate> certificates) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertPath(certificates)
          .getEncoded("PKCS7");
    } catch (CertificateException e) {
      throw new IllegalStateException("certificates have a CMS form", e);
    }
  }
}
