package io.sallyport.control.rest;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What the REST server shows to its clients. Not a record: a record would print the key. */
public final class HttpsCredentials {
  private final PrivateKey key;
  private final List<X509Certificate> chain;
  private final List<X509Certificate> namedChain;
  private final Set<String> names;

  /** A private key and its certificate, followed by the issuing authority's. */
  public HttpsCredentials(PrivateKey key, List<X509Certificate> chain) {
    this(key, chain, List.of(), Set.of());
  }

  private HttpsCredentials(
      PrivateKey key,
      List<X509Certificate> chain,
      List<X509Certificate> namedChain,
      Set<String> names) {
    this.key = key;
    this.chain = List.copyOf(chain);
    this.namedChain = List.copyOf(namedChain);
    this.names = Set.copyOf(names);
  }

  /** The same, but another certificate of that key for whoever calls us by one of these names. */
  public HttpsCredentials named(List<X509Certificate> shown, List<String> by) {
    var lower = by.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    return new HttpsCredentials(key, chain, shown, lower);
  }

  PrivateKey key() {
    return key;
  }

  List<X509Certificate> chain() {
    return chain;
  }

  /** What is shown to whoever calls us by one of the names; may be empty. */
  List<X509Certificate> namedChain() {
    return namedChain;
  }

  boolean isNamed(String serverName) {
    return names.contains(serverName.toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return "HttpsCredentials[hidden]";
  }
}
