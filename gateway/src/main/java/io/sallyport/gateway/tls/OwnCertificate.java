package io.sallyport.gateway.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/** Trusts one certificate only, our own: for {@link WarmUp}, where both sides are us. */
final class OwnCertificate implements X509TrustManager {
  private final X509Certificate own;

  OwnCertificate(X509Certificate own) {
    this.own = own;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    if (!chain[0].equals(own)) {
      throw new CertificateException("not our own certificate");
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
