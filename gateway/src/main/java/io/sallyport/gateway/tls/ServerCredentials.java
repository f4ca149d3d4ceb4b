package io.sallyport.gateway.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** The gate's own key and chain, leaf first. Not a record: a record would print the key. */
public final class ServerCredentials {
  private final PrivateKey key;
  private final List<X509Certificate> chain;

  public ServerCredentials(PrivateKey key, List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a server needs a certificate");
    }
    this.key = key;
    this.chain = List.copyOf(chain);
  }

  PrivateKey key() {
    return key;
  }

  /** Whether the key only names one that lives elsewhere, such as in a token. */
  boolean isOpaque() {
    return key.getEncoded() == null;
  }

  /** The certificates that a device sees, leaf first. */
  public List<X509Certificate> chain() {
    return chain;
  }

  @Override
  public String toString() {
    return "ServerCredentials[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
