package io.sallyport.identity.lint;

import static io.sallyport.identity.lint.Rule.must;
import static io.sallyport.identity.lint.Rule.should;
import static io.sallyport.identity.lint.Rule.when;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** A certificate and the one of its issuer: the rules about the two. */
record Issued(SignedCertificate certificate, ToBeSigned issuer) {
  static final List<Rule<Issued>> RULES =
      List.of(
          must(
              "rfc5280-6.1.3-issuer-name",
              "RFC 5280, 4.1.2.4 and 6.1.3",
              "the issuer's name is, byte for byte, the subject of the issuer's certificate",
              one ->
                  when(
                      !Arrays.equals(one.subject().issuer(), one.issuer.subject()),
                      "it is another name, or another encoding of it")),
          must(
              "rfc5280-6.1.3-signature",
              "RFC 5280, 6.1.3",
              "the issuer's key verifies the signature",
              one -> when(!one.isVerified(), "it does not")),
          must(
              "rfc5280-6.1.4-issuer-is-ca",
              "RFC 5280, 6.1.4",
              "the issuer is a CA whose key may sign certificates",
              one ->
                  when(
                      !Extensions.isAuthority(one.issuer)
                          || !Extensions.signsCertificates(one.issuer),
                      "it is not")),
          must(
              "rfc5280-6.1.4-path-length",
              "RFC 5280, 4.2.1.9 and 6.1.4",
              "a CA stands no deeper than its issuer's path length allows",
              Issued::tooDeep),
          must(
              "rfc5280-4.2.1.1-matches-issuer",
              "RFC 5280, 4.2.1.1",
              "the authority key identifier is the issuer's subject key identifier",
              Issued::otherKey),
          should(
              "sallyport-validity-nested",
              "docs/pki-lint.md",
              "the validity lies within the issuer's, or the chain ends before it does",
              one ->
                  when(
                      !one.subject().period().within(one.issuer.period()),
                      one.subject().period() + " is not within " + one.issuer.period())));

  private ToBeSigned subject() {
    return certificate.toBeSigned();
  }

  private boolean isVerified() {
    try {
      var verifier = Signature.getInstance(algorithm());
      verifier.initVerify(KeyRules.read(issuer.key()));
      verifier.update(certificate.covered());
      return verifier.verify(certificate.signature());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private String algorithm() {
    var oid = certificate.algorithm().getAlgorithm();
    if (oid.equals(X9ObjectIdentifiers.ecdsa_with_SHA256)) {
      return "SHA256withECDSA";
    } else if (oid.equals(X9ObjectIdentifiers.ecdsa_with_SHA384)) {
      return "SHA384withECDSA";
    } else if (oid.equals(X9ObjectIdentifiers.ecdsa_with_SHA512)) {
      return "SHA512withECDSA";
    } else if (oid.equals(PKCSObjectIdentifiers.sha256WithRSAEncryption)) {
      return "SHA256withRSA";
    } else if (oid.equals(PKCSObjectIdentifiers.sha384WithRSAEncryption)) {
      return "SHA384withRSA";
    } else if (oid.equals(PKCSObjectIdentifiers.sha512WithRSAEncryption)) {
      return "SHA512withRSA";
    } else if (oid.equals(EdECObjectIdentifiers.id_Ed25519)) {
      return "Ed25519";
    }
    throw new IllegalArgumentException("an algorithm that is not verified here: " + oid);
  }

  private Stream<String> tooDeep() {
    if (!Extensions.isAuthority(subject()) || subject().isSelfIssued()) {
      return Stream.empty();
    }
    return Extensions.constraints(issuer)
        .filter(one -> one.getPathLenConstraintInteger() != null)
        .filter(one -> one.getPathLenConstraintInteger().getValue().signum() <= 0)
        .map(_ -> "the issuer has path length 0")
        .stream();
  }

  private Stream<String> otherKey() {
    var named =
        subject()
            .extension(Extension.authorityKeyIdentifier)
            .map(one -> AuthorityKeyIdentifier.getInstance(one.value()).getKeyIdentifierOctets());
    var own =
        issuer
            .extension(Extension.subjectKeyIdentifier)
            .map(one -> ASN1OctetString.getInstance(one.value()).getOctets());
    return when(
        named.isPresent() && own.isPresent() && !Arrays.equals(named.get(), own.get()),
        "it is another");
  }
}
