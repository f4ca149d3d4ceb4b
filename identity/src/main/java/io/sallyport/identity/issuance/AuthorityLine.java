package io.sallyport.identity.issuance;

import io.sallyport.identity.Pem;
import io.sallyport.identity.PublicUrl;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
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

  /** What bundles hold as their anchors: every trusted root, the active one first, as PEM. */
  public String anchors() {
    return Pem.of(roots);
  }

  /** Whether one CA follows another, so that devices are to be told of both. */
  public boolean isRollingOver() {
    return roots.size() > 1
        || devices.stream().filter(one -> one.standing().isTrusted()).count() > 1;
  }

  /**
   * What devices are told of (RFC 7030, 4.1.3): issuing CAs by every trusted root, then the links
   * between roots, then the roots.
   */
  public List<X509Certificate> published() {
    var all = new ArrayList<>(trustedIssuers());
    all.add(servers.certificate());
    all.addAll(links);
    all.addAll(roots);
    return List.copyOf(all);
  }

  /** Whether who was told of all of these was told of that one too, and that it is trusted. */
  public boolean tellsOf(StoredAuthority one) {
    var told =
        switch (one.name()) {
          // Links to a root are among its certificates, and are none of the anchors.
          case ROOT -> roots;
          case DEVICES -> trustedIssuers();
          case SERVERS -> List.<X509Certificate>of();
        };
    return one.certificates().values().stream().anyMatch(told::contains);
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
