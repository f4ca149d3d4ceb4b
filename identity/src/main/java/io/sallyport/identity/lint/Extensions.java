package io.sallyport.identity.lint;

import static io.sallyport.identity.lint.Rule.must;
import static io.sallyport.identity.lint.Rule.should;
import static io.sallyport.identity.lint.Rule.when;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** The rules about extensions. */
final class Extensions {
  private static final Set<ASN1ObjectIdentifier> KNOWN =
      Set.of(
          Extension.authorityKeyIdentifier,
          Extension.subjectKeyIdentifier,
          Extension.keyUsage,
          Extension.certificatePolicies,
          Extension.policyMappings,
          Extension.subjectAlternativeName,
          Extension.issuerAlternativeName,
          Extension.basicConstraints,
          Extension.nameConstraints,
          Extension.policyConstraints,
          Extension.extendedKeyUsage,
          Extension.cRLDistributionPoints,
          Extension.inhibitAnyPolicy);

  /** RFC 5280 says of each that it must not be critical. */
  private static final Set<ASN1ObjectIdentifier> NEVER_CRITICAL =
      Set.of(
          Extension.authorityKeyIdentifier,
          Extension.subjectKeyIdentifier,
          Extension.subjectDirectoryAttributes,
          Extension.freshestCRL,
          Extension.authorityInfoAccess,
          Extension.subjectInfoAccess);

  static final List<Rule<ToBeSigned>> RULES =
      List.of(
          must(
              "rfc5280-4.2-duplicate-extension",
              "RFC 5280, 4.2",
              "no extension is there twice",
              tbs -> {
                var seen = new HashSet<ASN1ObjectIdentifier>();
                return tbs.extensions().stream()
                    .map(ToBeSigned.Extension::oid)
                    .filter(oid -> !seen.add(oid))
                    .map(oid -> oid + " is there twice");
              }),
          must(
              "rfc5280-4.2-unknown-critical",
              "RFC 5280, 4.2",
              "no critical extension that verifiers do not know",
              tbs ->
                  tbs.extensions().stream()
                      .filter(one -> one.critical() && !KNOWN.contains(one.oid()))
                      .map(one -> one.oid() + " is critical")),
          must(
              "rfc5280-4.2-never-critical",
              "RFC 5280, 4.2.1.1, 4.2.1.2, 4.2.1.8, 4.2.1.15, 4.2.2",
              "identifiers and places of information are not critical",
              tbs ->
                  tbs.extensions().stream()
                      .filter(one -> one.critical() && NEVER_CRITICAL.contains(one.oid()))
                      .map(one -> one.oid() + " is critical")),
          must(
              "rfc5280-4.2.1.1-authority-key-identifier",
              "RFC 5280, 4.2.1.1",
              "whatever is not self-issued names its issuer's key",
              tbs ->
                  when(
                      !tbs.isSelfIssued()
                          && tbs.extension(Extension.authorityKeyIdentifier)
                              .map(one -> AuthorityKeyIdentifier.getInstance(one.value()))
                              .filter(one -> one.getKeyIdentifierOctets() != null)
                              .isEmpty(),
                      "there is no key identifier of the issuer")),
          must(
              "rfc5280-4.2.1.2-ca-key-identifier",
              "RFC 5280, 4.2.1.2",
              "a CA's certificate has a subject key identifier",
              tbs -> when(isAuthority(tbs) && !hasKeyIdentifier(tbs), "there is none")),
          should(
              "rfc5280-4.2.1.2-leaf-key-identifier",
              "RFC 5280, 4.2.1.2",
              "an end certificate has a subject key identifier",
              tbs -> when(!isAuthority(tbs) && !hasKeyIdentifier(tbs), "there is none")),
          must(
              "rfc5280-4.2.1.3-key-usage-empty",
              "RFC 5280, 4.2.1.3",
              "a key usage names at least one use",
              tbs -> when(usage(tbs).filter(bits -> bits == 0).isPresent(), "no use")),
          must(
              "rfc5280-4.2.1.3-ca-key-usage",
              "RFC 5280, 4.2.1.3",
              "a CA's key usage has keyCertSign",
              tbs -> when(isAuthority(tbs) && !signsCertificates(tbs), "no keyCertSign")),
          must(
              "rfc5280-4.2.1.3-key-cert-sign",
              "RFC 5280, 4.2.1.3 and 4.2.1.9",
              "keyCertSign is for CAs only",
              tbs -> when(!isAuthority(tbs) && signsCertificates(tbs), "keyCertSign without CA")),
          should(
              "rfc5280-4.2.1.3-critical",
              "RFC 5280, 4.2.1.3",
              "a key usage is critical",
              tbs ->
                  when(
                      tbs.extension(Extension.keyUsage).filter(one -> !one.critical()).isPresent(),
                      "not critical")),
          must(
              "rfc5280-4.2.1.9-critical",
              "RFC 5280, 4.2.1.9",
              "a CA's basic constraints are critical",
              tbs ->
                  when(
                      isAuthority(tbs)
                          && tbs.extension(Extension.basicConstraints)
                              .filter(one -> !one.critical())
                              .isPresent(),
                      "not critical")),
          must(
              "rfc5280-4.2.1.9-path-length",
              "RFC 5280, 4.2.1.9",
              "only a CA that signs certificates has a path length, and it is not negative",
              tbs -> when(hasBadPathLength(tbs), "a path length that means nothing")),
          must(
              "rfc5280-4.2.1.12-purposes",
              "RFC 5280, 4.2.1.12",
              "extended key usages name at least one",
              tbs -> when(purposes(tbs).filter(List::isEmpty).isPresent(), "none")),
          should(
              "rfc5280-4.2.1.12-any-critical",
              "RFC 5280, 4.2.1.12",
              "extended key usages with anyExtendedKeyUsage are not critical",
              tbs ->
                  when(
                      purposes(tbs)
                              .filter(all -> all.contains(KeyPurposeId.anyExtendedKeyUsage))
                              .isPresent()
                          && tbs.extension(Extension.extendedKeyUsage)
                              .filter(ToBeSigned.Extension::critical)
                              .isPresent(),
                      "critical")));

  private Extensions() {}

  static boolean isAuthority(ToBeSigned tbs) {
    return constraints(tbs).filter(BasicConstraints::isCA).isPresent();
  }

  static Optional<BasicConstraints> constraints(ToBeSigned tbs) {
    return tbs.extension(Extension.basicConstraints)
        .map(one -> BasicConstraints.getInstance(one.value()));
  }

  static boolean signsCertificates(ToBeSigned tbs) {
    return usage(tbs).filter(bits -> (bits & KeyUsage.keyCertSign) != 0).isPresent();
  }

  private static boolean hasKeyIdentifier(ToBeSigned tbs) {
    return tbs.extension(Extension.subjectKeyIdentifier).isPresent();
  }

  private static Optional<Integer> usage(ToBeSigned tbs) {
    return tbs.extension(Extension.keyUsage)
        .map(
            one -> {
              var bits = KeyUsage.getInstance(one.value()).getBytes();
              return (bits.length > 0 ? bits[0] & 0xff : 0)
                  | (bits.length > 1 ? (bits[1] & 0xff) << 8 : 0);
            });
  }

  private static Optional<List<KeyPurposeId>> purposes(ToBeSigned tbs) {
    return tbs.extension(Extension.extendedKeyUsage)
        .map(one -> List.of(ExtendedKeyUsage.getInstance(one.value()).getUsages()));
  }

  private static boolean hasBadPathLength(ToBeSigned tbs) {
    return constraints(tbs)
        .filter(one -> one.getPathLenConstraintInteger() != null)
        .filter(
            one ->
                !one.isCA()
                    || !signsCertificates(tbs)
                    || one.getPathLenConstraintInteger().getValue().signum() < 0)
        .isPresent();
  }
}
