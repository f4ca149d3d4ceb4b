package io.sallyport.identity.issuance;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PublicUrl;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The authorities of an installation, ready to sign, and the keys that its servers show; the root's
 * key stays sealed. While one authority follows another, this changes as a whole, under whoever
 * holds it.
 */
public final class Authorities {
  private final ServerKeys serverKeys;
  private volatile AuthorityLine line;

  /** Those authorities, from now on. */
  public Authorities(AuthorityLine line, ServerKeys serverKeys) {
    this.line = line;
    this.serverKeys = serverKeys;
  }

  /** Everything that is in force at one moment. */
  public AuthorityLine line() {
    return line;
  }

  /** Others are in force from now on. */
  public void take(AuthorityLine next) {
    line = next;
  }

  /** The root that devices are to hold on to. */
  public X509Certificate root() {
    return line.roots().getFirst();
  }

  /** The roots that are trusted, the active one first. */
  public List<X509Certificate> roots() {
    return line.roots();
  }

  /** What bundles hold as their anchors: every trusted root, the active one first, as PEM. */
  public String anchors() {
    return line.anchors();
  }

  /** The devices CA that signs now; its successor may do so at the next call. */
  public CertificateAuthority devices() {
    return line.active();
  }

  /** The servers CA. */
  public CertificateAuthority servers() {
    return line.servers();
  }

  /** The keys that servers show. */
  public ServerKeys serverKeys() {
    return serverKeys;
  }

  /** The authority that may sign that profile. */
  public CertificateAuthority issuerOf(LeafProfile profile) {
    return profile.issuer() == AuthorityName.DEVICES ? devices() : servers();
  }

  /**
   * What a holder of that leaf presents: the leaf, its issuer and, while roots are changed, the
   * links by which who holds on to another root finds the way; without any root.
   */
  public List<X509Certificate> chain(X509Certificate leaf, LeafProfile profile) {
    var chain = new ArrayList<>(List.of(leaf, issuerOf(profile).certificate()));
    var ours = root().getPublicKey();
    line.links().stream().filter(link -> link.getPublicKey().equals(ours)).forEach(chain::add);
    return List.copyOf(chain);
  }

  /** The authority whose key signed a certificate, whatever its standing; empty if none of ours. */
  public Optional<X509Certificate> issuer(X509Certificate certificate) {
    var now = line;
    return Stream.concat(
            now.devices().stream().map(one -> one.authority().certificate()),
            Stream.of(now.servers().certificate()))
        .filter(one -> one.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
        .findFirst();
  }

  /**
   * What belongs after a certificate of ours where it is handed out, as PEM: who signed it, even if
   * another CA is active by now.
   *
   * @param pem as the registry holds it
   */
  public List<String> chainOf(String pem) {
    try {
      return issuer(Pem.certificate(pem)).map(Pem::of).stream().toList();
    } catch (MalformedPem e) {
      throw new IllegalStateException("the registry holds certificates", e);
    }
  }

  /** The same, whose client certificates say where their revocation is published. */
  public Authorities publishedAt(PublicUrl url) {
    return new Authorities(line.publishedAt(url), serverKeys);
  }

  /** A set of authorities that lives in memory only. */
  public static Authorities create(Serials serials, Instant now) {
    var root = CertificateAuthority.createRoot(serials, now);
    return new Authorities(
        AuthorityLine.of(
            root.certificate(),
            root.createIssuing(AuthorityName.DEVICES, serials, now),
            root.createIssuing(AuthorityName.SERVERS, serials, now)),
        ServerKeys.create());
  }
}
