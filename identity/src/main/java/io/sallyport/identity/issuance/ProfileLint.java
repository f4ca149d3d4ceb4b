package io.sallyport.identity.issuance;

import static io.sallyport.identity.lint.Rule.must;
import static io.sallyport.identity.lint.Rule.when;

import io.sallyport.identity.lint.CertificateLint;
import io.sallyport.identity.lint.Finding;
import io.sallyport.identity.lint.Rule;
import io.sallyport.identity.lint.ToBeSigned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * The last look at what is about to be signed: all of {@link CertificateLint}, and that it is
 * exactly what its profile says. Nothing gets a signature that does not pass.
 */
public final class ProfileLint {
  /** Extensions that every profile may have besides its own: where to ask for revocation. */
  private static final List<ASN1ObjectIdentifier> PLACES =
      List.of(Extension.cRLDistributionPoints, Extension.authorityInfoAccess);

  private record Subject(ToBeSigned contents, ExpectedCertificate expected) {}

  private static final List<Rule<Subject>> RULES =
      List.of(
          must(
              "sallyport-issuer-name",
              "RFC 5280, 4.1.2.4 and 7.1",
              "the issuer's name is the authority's, byte for byte",
              one ->
                  when(
                      !Arrays.equals(one.contents.issuer(), der(one.expected.issuer())),
                      "it is not")),
          must(
              "sallyport-subject",
              "docs/pki-lint.md, Profiles",
              "the subject is exactly one common name, that of the profile",
              one ->
                  when(
                      !Arrays.equals(one.contents.subject(), der(one.expected.subject())),
                      "it is " + one.contents.subjectName())),
          must(
              "sallyport-names",
              "docs/pki-lint.md, Profiles",
              "the alternative names are exactly those of the profile",
              one -> when(!holdsNames(one), "they are others")),
          must(
              "sallyport-extensions",
              "docs/pki-lint.md, Profiles",
              "the extensions are exactly those of the profile, with its criticality",
              ProfileLint::extensions),
          must(
              "sallyport-key-usage",
              "docs/pki-lint.md, Profiles",
              "the key usage is that of the profile",
              one -> differs(one, Extension.keyUsage, new KeyUsage(one.expected.keyUsage()))),
          must(
              "sallyport-extended-key-usage",
              "docs/pki-lint.md, Profiles",
              "the extended key usage is the one of the profile",
              one ->
                  one.expected.purpose() == null
                      ? Stream.empty()
                      : differs(
                          one,
                          Extension.extendedKeyUsage,
                          new ExtendedKeyUsage(one.expected.purpose()))),
          must(
              "sallyport-path-length",
              "docs/pki-lint.md, Profiles",
              "the path length is that of the profile",
              one ->
                  one.expected.pathLength() == null
                      ? Stream.empty()
                      : differs(
                          one,
                          Extension.basicConstraints,
                          new BasicConstraints(one.expected.pathLength()))),
          must(
              "sallyport-authority-key-identifier",
              "RFC 5280, 4.2.1.1",
              "the authority key identifier is that of the key that signs",
              ProfileLint::authorityKey),
          must(
              "sallyport-subject-key-identifier",
              "RFC 5280, 4.2.1.2, method 1",
              "the subject key identifier is that of the certified key",
              ProfileLint::subjectKey),
          must(
              "sallyport-lifetime",
              "docs/pki-lint.md, Profiles",
              "the validity is no longer than the longest of the profile",
              one ->
                  when(
                      one.contents.period().length().compareTo(one.expected.longest()) > 0,
                      one.contents.period().length().toDays() + " days")),
          must(
              "sallyport-validity-inside-issuer",
              "docs/pki-lint.md, Profiles",
              "the validity lies within the authority's",
              one ->
                  one.expected.within() == null
                      ? Stream.empty()
                      : when(!one.contents.period().within(one.expected.within()), "it does not")),
          must(
              "sallyport-key",
              "docs/pki-lint.md, Profiles",
              "the key is of a kind that is certified, in its one encoding, and a client's is not"
                  + " weak",
              ProfileLint::key),
          must(
              "sallyport-signature-algorithm",
              "NIST SP 800-57, 5.6.1",
              "the hash fits the key that signs",
              one ->
                  when(
                      !one.contents.algorithm().equals(one.expected.algorithm()),
                      one.contents.algorithm().getAlgorithm().getId())));

  private ProfileLint() {}

  /** What the table holds, for the documentation. */
  public static List<Rule<?>> rules() {
    return List.copyOf(RULES);
  }

  /** Everything that is against signing this. */
  static List<Finding> of(byte[] contents, ExpectedCertificate expected) {
    try {
      var read = ToBeSigned.parse(contents);
      var findings = new ArrayList<>(CertificateLint.ofContents(read));
      findings.addAll(Rule.apply(RULES, new Subject(read, expected)));
      return findings.stream().filter(Finding::isError).toList();
    } catch (ToBeSigned.Malformed e) {
      return List.of(
          new Finding(
              "rfc5280-4.1-structure",
              Finding.Severity.ERROR,
              "RFC 5280, 4.1",
              String.valueOf(e.getMessage())));
    }
  }

  private static Stream<String> extensions(Subject one) {
    var critical = one.expected.criticality();
    var wrong =
        one.contents.extensions().stream()
            .filter(
                extension ->
                    PLACES.contains(extension.oid())
                        ? extension.critical()
                        : !Boolean.valueOf(extension.critical())
                            .equals(critical.get(extension.oid())))
            .map(
                extension -> extension.oid() + " is not of the profile, or its criticality is not");
    var missing =
        critical.keySet().stream()
            .filter(oid -> one.contents.extension(oid).isEmpty())
            .map(oid -> oid + " is missing");
    return Stream.concat(wrong, missing);
  }

  private static boolean holdsNames(Subject one) {
    var found = one.contents.extension(Extension.subjectAlternativeName);
    var expected = one.expected.names();
    return expected == null
        ? found.isEmpty()
        : found
            .filter(names -> GeneralNames.getInstance(names.value()).equals(expected))
            .isPresent();
  }

  private static Stream<String> differs(
      Subject one, ASN1ObjectIdentifier oid, ASN1Encodable expected) {
    return when(
        one.contents
            .extension(oid)
            .filter(extension -> Arrays.equals(extension.octets().getOctets(), der(expected)))
            .isEmpty(),
        "it is not");
  }

  private static Stream<String> authorityKey(Subject one) {
    return when(
        one.contents
            .extension(Extension.authorityKeyIdentifier)
            .map(
                found -> AuthorityKeyIdentifier.getInstance(found.value()).getKeyIdentifierOctets())
            .filter(found -> Arrays.equals(found, one.expected.issuerKeyIdentifier()))
            .isEmpty(),
        "it is another");
  }

  private static Stream<String> subjectKey(Subject one) {
    return when(
        one.contents
            .extension(Extension.subjectKeyIdentifier)
            .map(found -> ASN1OctetString.getInstance(found.value()).getOctets())
            .filter(found -> Arrays.equals(found, KeyIdentifiers.of(one.contents.key())))
            .isEmpty(),
        "it is another");
  }

  private static Stream<String> key(Subject one) {
    try {
      var info = one.contents.key();
      var key = one.expected.isOfClient() ? RequestedKey.of(info) : RequestedKey.read(info);
      return when(!Arrays.equals(key.getEncoded(), der(info)), "it is written in another way");
    } catch (RequestRefused e) {
      return Stream.of(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] der(ASN1Encodable value) {
    try {
      return value.toASN1Primitive().getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("memory can be written", e);
    }
  }
}
