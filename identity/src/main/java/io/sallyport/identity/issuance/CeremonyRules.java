package io.sallyport.identity.issuance;

import io.sallyport.identity.lint.CertificateLint;
import io.sallyport.identity.lint.Period;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What an off-line root and the certificates that it gave must be before they are installed: the
 * root may be anybody's, so nothing is taken for granted.
 */
final class CeremonyRules {
  private static final Set<String> ALGORITHMS =
      Set.of(
          "SHA256withECDSA",
          "SHA384withECDSA",
          "SHA512withECDSA",
          "SHA256withRSA",
          "SHA384withRSA",
          "SHA512withRSA");
  private static final int RSA_BITS_MIN = 3_072;
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;
  private static final int CRL_SIGN = 6;

  // Less is no life to begin with: the first rollover would be due at once.
  private static final Duration LEFT_MIN = Duration.ofDays(30);

  private CeremonyRules() {}

  /** A root: by itself, for at least one level, strong, and valid now. */
  static void requireRoot(X509Certificate root, Instant now) throws CeremonyRefused {
    check(
        root.getIssuerX500Principal().equals(root.getSubjectX500Principal())
            && verifies(root, root.getPublicKey()),
        "root-self-signed",
        "the root is not signed by itself");
    check(
        root.getBasicConstraints() >= 1,
        "root-path-length",
        "the root may have no authority below it");
    var usage = root.getKeyUsage();
    check(
        usage != null && usage[KEY_CERT_SIGN],
        "root-key-usage",
        "the root may sign no certificate");
    requireStrong("root-algorithm", root, root.getPublicKey());
    requireValid("root-validity", root, now);
    requireLint("root", List.of(root));
  }

  /** The certificate of an issuing authority, as that root was asked for it. */
  static void requireIssuing(
      X509Certificate certificate, AuthorityRequest request, X509Certificate root, Instant now)
      throws CeremonyRefused {
    check(
        certificate.getPublicKey().equals(request.publicKey()),
        "install-key",
        "it certifies another key than that of '" + request.name().word() + "'");
    check(
        subject(certificate).equals("CN=" + request.commonName()),
        "install-subject",
        "its subject is " + subject(certificate));
    check(
        certificate.getIssuerX500Principal().equals(root.getSubjectX500Principal())
            && verifies(certificate, root.getPublicKey()),
        "install-issuer",
        "the root that was given did not sign it");
    check(
        certificate.getBasicConstraints() == 0,
        "install-path-length",
        certificate.getBasicConstraints() < 0
            ? "it is not an authority"
            : "authorities could stand below it");
    requireUsage(certificate);
    requireStrong("install-algorithm", certificate, certificate.getPublicKey());
    requireValid("install-validity", certificate, now);
    check(
        period(certificate).within(period(root)),
        "install-validity",
        "its validity is not within the root's");
    requireLint("install", List.of(certificate, root));
  }

  private static void requireUsage(X509Certificate certificate) throws CeremonyRefused {
    var usage = certificate.getKeyUsage();
    check(
        usage != null && usage[KEY_CERT_SIGN] && usage[CRL_SIGN],
        "install-key-usage",
        "it may not sign certificates and revocation lists");
    for (int bit = 0; bit < usage.length; bit++) {
      check(
          !usage[bit] || bit == DIGITAL_SIGNATURE || bit == KEY_CERT_SIGN || bit == CRL_SIGN,
          "install-key-usage",
          "it may do more than an authority does");
    }
    try {
      check(
          certificate.getExtendedKeyUsage() == null,
          "install-extended-key-usage",
          "verifiers would apply its purposes to everything below it");
    } catch (CertificateParsingException e) {
      throw new CeremonyRefused("install-extended-key-usage", "it cannot be read");
    }
  }

  private static void requireStrong(String rule, X509Certificate certificate, PublicKey key)
      throws CeremonyRefused {
    check(
        ALGORITHMS.contains(certificate.getSigAlgName()),
        rule,
        "it is signed by " + certificate.getSigAlgName());
    if (key instanceof RSAPublicKey rsa) {
      int bits = rsa.getModulus().bitLength();
      check(bits >= RSA_BITS_MIN, rule, "its key has " + bits + " bits");
    } else {
      requireCurve(key);
    }
  }

  static void requireCurve(PublicKey key) throws CeremonyRefused {
    check(
        key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() >= 256,
        "key-algorithm",
        "a key is one on P-256 or P-384");
  }

  static void requireValid(String rule, X509Certificate certificate, Instant now)
      throws CeremonyRefused {
    check(
        !now.isBefore(certificate.getNotBefore().toInstant()),
        rule,
        "it is not valid before " + certificate.getNotBefore().toInstant());
    check(
        now.plus(LEFT_MIN).isBefore(certificate.getNotAfter().toInstant()),
        rule,
        "it ends at " + certificate.getNotAfter().toInstant() + ", in less than 30 days");
  }

  private static void requireLint(String whose, List<X509Certificate> chain)
      throws CeremonyRefused {
    try {
      var ders = new java.util.ArrayList<byte[]>();
      for (var one : chain) {
        ders.add(one.getEncoded());
      }
      for (var finding : CertificateLint.ofChain(ders).getFirst()) {
        if (finding.isError()) {
          throw new CeremonyRefused(finding.rule(), finding.detail());
        }
      }
    } catch (GeneralSecurityException e) {
      throw new CeremonyRefused(whose + "-structure", "it cannot be written out");
    }
  }

  private static Period period(X509Certificate certificate) {
    return new Period(
        certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }

  private static String subject(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  static boolean verifies(X509Certificate certificate, PublicKey key) {
    try {
      certificate.verify(key);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  static void check(boolean holds, String rule, String why) throws CeremonyRefused {
    if (!holds) {
      throw new CeremonyRefused(rule, why);
    }
  }
}
