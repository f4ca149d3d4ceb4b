package io.sallyport.identity.issuance;

import io.sallyport.identity.PublicUrl;
import io.sallyport.identity.Serial;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.jspecify.annotations.Nullable;

/** A certificate authority that can sign: its certificate and its private key, which stays here. */
public final class CertificateAuthority {
  private static final Duration ROOT_LIFETIME = Duration.ofDays(20 * 365 + 5);
  private static final Duration ISSUING_LIFETIME = Duration.ofDays(5 * 365 + 1);

  private final AuthorityName name;
  private final int generation;
  private final X509Certificate certificate;
  private final PrivateKey key;
  private final CertificateSigner signer;
  private final @Nullable PublicUrl published;

  CertificateAuthority(AuthorityName name, X509Certificate certificate, PrivateKey key) {
    this(name, 1, certificate, key, null);
  }

  CertificateAuthority(
      AuthorityName name, int generation, X509Certificate certificate, PrivateKey key) {
    this(name, generation, certificate, key, null);
  }

  private CertificateAuthority(
      AuthorityName name,
      int generation,
      X509Certificate certificate,
      PrivateKey key,
      @Nullable PublicUrl published) {
    this.name = name;
    this.generation = generation;
    this.certificate = certificate;
    this.key = key;
    // Once: reading the authority's own certificate for each of a batch would cost as much as lint.
    this.signer = CertificateSigner.of(certificate, key);
    this.published = published;
  }

  /** The same, whose client certificates say where their revocation is published. */
  public CertificateAuthority publishedAt(PublicUrl url) {
    return new CertificateAuthority(name, generation, certificate, key, url);
  }

  /** The same key, certified by another root. */
  CertificateAuthority certifiedAs(X509Certificate other) {
    return new CertificateAuthority(name, generation, other, key, published);
  }

  /** A new root: P-384, self-signed, 20 years. */
  public static CertificateAuthority createRoot(Serials serials, Instant now) {
    var keys = KeyPairs.p384();
    var certificate =
        CertificateSigner.ofNewRoot(keys.getPublic(), keys.getPrivate())
            .authority(
                AuthorityName.ROOT.commonName(1),
                AuthorityName.ROOT,
                1,
                keys.getPublic(),
                serials.next(),
                Validity.ofRoot(now, ROOT_LIFETIME));
    return new CertificateAuthority(AuthorityName.ROOT, certificate, keys.getPrivate());
  }

  /** A new authority below this root: P-256, path length 0, 5 years. */
  public CertificateAuthority createIssuing(AuthorityName below, Serials serials, Instant now) {
    return createIssuing(below, KeyPairs.p256(), serials, now);
  }

  /** The same for a key that there is. */
  CertificateAuthority createIssuing(
      AuthorityName below, KeyPair keys, Serials serials, Instant now) {
    var signed = certifyIssuing(below, 1, keys.getPublic(), serials, now);
    return new CertificateAuthority(below, signed, keys.getPrivate());
  }

  /** The certificate of an authority below this root, for a key that may be anywhere. */
  X509Certificate certifyIssuing(
      AuthorityName below, int number, PublicKey subjectKey, Serials serials, Instant now) {
    if (name != AuthorityName.ROOT || below == AuthorityName.ROOT) {
      throw new IllegalArgumentException(name + " does not sign " + below);
    }
    return signer.authority(
        below.commonName(number),
        below,
        0,
        subjectKey,
        serials.next(),
        Validity.below(certificate, now, ISSUING_LIFETIME));
  }

  /**
   * The certificate of another root's key by this one (RFC 4210, 4.4): NewWithOld where this is the
   * old one, OldWithNew where it is the new one. It ends with the first of both.
   */
  X509Certificate link(X509Certificate other, Serials serials, Instant now) {
    if (name != AuthorityName.ROOT || !issues(other.getSubjectX500Principal())) {
      throw new IllegalArgumentException("a link leads from a root to another of the same name");
    }
    var lifetime = Duration.between(now, other.getNotAfter().toInstant());
    return signer.authority(
        AuthorityName.ROOT.commonName(generation),
        AuthorityName.ROOT,
        1,
        other.getPublicKey(),
        serials.next(),
        Validity.below(certificate, now, lifetime));
  }

  /** A link is self-issued, and so does not count in a path's length. */
  private boolean issues(X500Principal subject) {
    return certificate.getSubjectX500Principal().equals(subject);
  }

  /**
   * Signs an end certificate, valid from one hour ago until {@code now} plus the lifetime, but
   * never beyond this authority's own validity at either end.
   *
   * @param serial recorded by the caller before this call
   * @throws IssuanceUnavailable when this authority is itself not valid now
   */
  public X509Certificate sign(
      LeafProfile profile, PublicKey subjectKey, Serial serial, Instant now, Duration lifetime) {
    if (profile.issuer() != name) {
      throw new IllegalArgumentException(name + " does not sign " + profile);
    }
    return signer.leaf(
        profile,
        subjectKey,
        serial,
        Validity.below(certificate, now, lifetime),
        generation,
        published);
  }

  /** Certifies a key that may speak of revocation in this authority's name, and nothing else. */
  X509Certificate signResponder(PublicKey subjectKey, Serial serial, Instant now, Duration life) {
    return signer.responder(subjectKey, serial, Validity.below(certificate, now, life));
  }

  /** Signs what is no certificate, with the hash that fits the key. */
  ContentSigner signer() throws OperatorCreationException {
    return CertificateSigner.contentSigner(key);
  }

  /** Which of the three it is. */
  public AuthorityName name() {
    return name;
  }

  /** Which one of that name it is, from 1. */
  public int generation() {
    return generation;
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  PrivateKey key() {
    return key;
  }

  @Override
  public String toString() {
    return "CertificateAuthority[" + name.word() + "]";
  }
}
