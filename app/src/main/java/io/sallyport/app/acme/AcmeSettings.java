package io.sallyport.app.acme;

import java.net.URI;
import java.util.List;
import javax.crypto.SecretKey;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Which server is asked, as whom, for which names. Not a record: one would print the key. */
final class AcmeSettings {
  private final URI directory;
  private final List<String> domains;
  private final @Nullable String contact;
  private final @Nullable ExternalAccount external;
  private final SSLContext tls;

  /**
   * An account at the certificate authority that was there before (RFC 8555, 7.3.4).
   *
   * @param id what it is called there
   * @param key proves that it is ours
   */
  record ExternalAccount(String id, SecretKey key) {
    @Override
    public String toString() {
      return "ExternalAccount[" + id + "]";
    }
  }

  AcmeSettings(
      URI directory,
      List<String> domains,
      @Nullable String contact,
      @Nullable ExternalAccount external,
      SSLContext tls) {
    this.directory = directory;
    this.domains = List.copyOf(domains);
    this.contact = contact;
    this.external = external;
    this.tls = tls;
  }

  URI directory() {
    return directory;
  }

  List<String> domains() {
    return domains;
  }

  @Nullable String contact() {
    return contact;
  }

  @Nullable ExternalAccount external() {
    return external;
  }

  /** Trusts whom the directory's certificate must lead to. */
  SSLContext tls() {
    return tls;
  }
}
