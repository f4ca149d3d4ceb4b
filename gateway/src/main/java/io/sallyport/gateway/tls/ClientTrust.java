package io.sallyport.gateway.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trust in clients by their own certificate, whatever carries the handshake; never in servers. */
abstract class ClientTrust extends X509ExtendedTrustManager {
  /**
   * Whether a client is let in.
   *
   * @param chain what it shows, its own certificate first
   * @throws CertificateException if it is not, with the alert that it is told
   */
  abstract void check(X509Certificate[] chain) throws CertificateException;

  static CertificateException neverAClient() {
    return new CertificateException("the gate is never a client");
  }

  @Override
  public final void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public final void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public final void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public final void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw neverAClient();
  }

  @Override
  public final void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw neverAClient();
  }

  @Override
  public final void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw neverAClient();
  }
}
