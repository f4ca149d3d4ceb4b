package io.sallyport.agent.tls;

import io.sallyport.agent.bundle.Pins;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a server if its chain leads to the bundle's root, its certificate has the name that was
 * dialled, and the key of a certificate in the path that was verified is pinned. A certificate that
 * only travels along in the server's list proves nothing.
 */
final class PinnedServer extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager chainAndName;
  private final X509Certificate root;
  private final Pins pins;
  private final InstantSource clock;

  PinnedServer(X509Certificate root, Pins pins, InstantSource clock) {
    this.root = root;
    this.pins = pins;
    this.clock = clock;
    try {
      var anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      anchors.setCertificateEntry("root", root);
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(anchors);
      chainAndName = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException("every JDK verifies chains", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      chainAndName.checkServerTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      throw new ServerUntrusted("the server's certificate is not trusted: " + deepest(e), e);
    }
    if (!pins.isEmpty() && !pins.match(verifiedPath(List.of(chain)))) {
      throw new ServerUntrusted("no key in the server's verified path is pinned");
    }
  }

  private List<X509Certificate> verifiedPath(List<X509Certificate> shown) throws ServerUntrusted {
    try {
      var target = new X509CertSelector();
      target.setCertificate(shown.getFirst());
      var search = new PKIXBuilderParameters(Set.of(new TrustAnchor(root, null)), target);
      search.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(shown)));
      search.setDate(Date.from(clock.instant()));
      // What is revoked among the server's own is learnt by pins and short certificates.
      search.setRevocationEnabled(false);
      var built = (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(search);
      var path = new ArrayList<X509Certificate>();
      built.getCertPath().getCertificates().forEach(one -> path.add((X509Certificate) one));
      path.add(root);
      return path;
    } catch (GeneralSecurityException e) {
      throw new ServerUntrusted("the server's path cannot be verified: " + deepest(e), e);
    }
  }

  /** What is really wrong stands at the end of a chain of wrappers. */
  private static String deepest(Throwable failure) {
    var at = failure;
    for (var cause = at.getCause(); cause != null; cause = cause.getCause()) {
      at = cause;
    }
    return String.valueOf(at.getMessage());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("only engines are used here");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("a server is trusted by its name too");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return chainAndName.getAcceptedIssuers();
  }
}
