package io.sallyport.control.rest;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** What the REST server shows to its clients. Not a record: a record would print the key. */
public final class HttpsCredentials {
  private final PrivateKey key;
  private final List<X509Certificate> chain;

  /** A private key and its certificate, followed by the issuing authority's. */
  public HttpsCredentials(PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = List.copyOf(chain);
  }

  PrivateKey key() {
    return key;
  }

  List<X509Certificate> chain() {
    return chain;
  }

  @Override
  public String toString() {
    return "HttpsCredentials[hidden]";
  }
}
