package io.sallyport.identity.issuance;

import io.sallyport.identity.PublicUrl;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;

/**
 * All authorities of an installation at one moment: one of each name signs, and while one follows
 * another both are trusted.
 *
 * @param roots those that are trusted, the active one first
 * @param links from one of the trusted roots to another (RFC 4210, 4.4): NewWithOld and OldWithNew
 * @param devices every devices CA there was, the oldest first
 * @param servers the servers CA
 */
public record AuthorityLine(
    List<X509Certificate> roots,
    List<X509Certificate> links,
    List<Generation> devices,
    CertificateAuthority servers) {
  public AuthorityLine {
    roots = List.copyOf(roots);
    links = List.copyOf(links);
    devices = List.copyOf(devices);
  }

  /** Without any successor. */
  static AuthorityLine of(
      X509Certificate root, CertificateAuthority devices, CertificateAuthority servers) {
    var only = new Generation(devices, AuthorityStanding.ACTIVE, List.of(devices.certificate()));
    return new AuthorityLine(List.of(root), List.of(), List.of(only), servers);
  }

  /** The one that signs. */
  CertificateAuthority active() {
    return devices.stream()
        .filter(one -> one.standing() == AuthorityStanding.ACTIVE)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("one devices CA is active"))
        .authority();
  }

  /** The certificates of devices CAs that are trusted. */
  public List<X509Certificate> trustedIssuers() {
    return issuers(true).toList();
  }

  /** The certificates of devices CAs whose time is over. */
  public List<X509Certificate> retiredIssuers() {
    return issuers(false).toList();
  }

  private Stream<X509Certificate> issuers(boolean trusted) {
    return devices.stream()
        .filter(one -> one.standing().isTrusted() == trusted)
        .flatMap(one -> one.certificates().stream());
  }

  /** The same, whose client certificates say where their revocation is published. */
  public AuthorityLine publishedAt(PublicUrl url) {
    return new AuthorityLine(
        roots,
        links,
        devices.stream()
            .map(
                one ->
                    new Generation(
                        one.authority().publishedAt(url), one.standing(), one.certificates()))
            .toList(),
        servers);
  }
}
