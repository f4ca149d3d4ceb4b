package io.sallyport.app.node;

import io.sallyport.control.rest.HttpsCredentials;
import io.sallyport.gateway.tls.ServerCredentials;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** What is shown to clients, and the key that proves it. Not a record, which would print it. */
final class Shown {
  private final PrivateKey key;
  private final List<X509Certificate> chain;

  Shown(PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = List.copyOf(chain);
  }

  X509Certificate leaf() {
    return chain.getFirst();
  }

  /** The leaf, then its issuers. */
  List<X509Certificate> chain() {
    return chain;
  }

  ServerCredentials forDevices() {
    return new ServerCredentials(key, chain);
  }

  HttpsCredentials forOperators() {
    return new HttpsCredentials(key, chain);
  }
}
