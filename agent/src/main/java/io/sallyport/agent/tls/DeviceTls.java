package io.sallyport.agent.tls;

import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.bundle.Server;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.InstantSource;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * TLS with one identity. One context for as long as the identity lasts: it holds the tickets by
 * which the next connection is resumed (RFC 8446, section 2.2), and a new identity must not resume
 * what the old one opened.
 */
public final class DeviceTls {
  private static final char[] NONE = new char[0];
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  private final Server server;
  private final SSLContext context;

  /** Trusts what the bundle trusts, shows what the bundle has. */
  public DeviceTls(Bundle bundle, InstantSource clock) {
    this.server = bundle.server();
    try {
      var own = KeyStore.getInstance("PKCS12");
      own.load(null, NONE);
      var identity = bundle.identity();
      own.setKeyEntry("own", identity.key(), NONE, identity.chain().toArray(Certificate[]::new));
      var keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, NONE);
      var trust = new TrustManager[] {new PinnedServer(bundle.root(), bundle.pins(), clock)};
      context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust, null);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every JDK has TLS for the keys that it could read", e);
    }
  }

  /** Where it connects. */
  public Server server() {
    return server;
  }

  /** What shows the identity and checks the server. */
  public SSLContext context() {
    return context;
  }

  /** What each connection keeps to: TLS 1.3, and the host's name is checked. */
  public SSLParameters parameters() {
    var parameters = context.getDefaultSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    return parameters;
  }

  /** A client's engine for one connection. */
  public SSLEngine engine() {
    var engine = context.createSSLEngine(server.host(), server.port());
    engine.setUseClientMode(true);
    engine.setSSLParameters(parameters());
    return engine;
  }
}
