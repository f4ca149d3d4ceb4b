package io.sallyport.control.rest;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS of the operators' port: our certificate is shown, and theirs must come from the authority for
 * servers and operators, so a device's certificate ends in the handshake.
 */
final class Tls {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  // As at the device gate: authenticated encryption with forward secrecy, nothing else.
  private static final String[] CIPHERS = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
  };

  private Tls() {}

  static SslContextFactory.Server server(HttpsCredentials credentials, X509Certificate operators) {
    var factory = new SslContextFactory.Server();
    factory.setSslContext(context(credentials, operators));
    factory.setIncludeProtocols(PROTOCOLS);
    factory.setExcludeProtocols();
    factory.setIncludeCipherSuites(CIPHERS);
    factory.setExcludeCipherSuites();
    // Wanted, not needed: whoever has none gets an answer that says so, and /health works.
    factory.setWantClientAuth(true);
    factory.setEndpointIdentificationAlgorithm(null);
    factory.setRenegotiationAllowed(false);
    return factory;
  }

  static SSLContext context(HttpsCredentials credentials, X509Certificate operators) {
    try {
      var keys = new OneKey(credentials);
      var anchors = KeyStore.getInstance("JKS");
      anchors.load(null, null);
      anchors.setCertificateEntry("operators", operators);
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(anchors);
      var context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("TLS cannot be set up", e);
    }
  }
}
