package io.sallyport.identity.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.issuance.KeyPairs;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.BERSequence;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule finds the certificate that breaks it, and none finds anything in a good one. */
class CertificateLintTest {
  private static final byte[] ISSUER = authority(0).sign();

  /** A certificate for each rule that breaks it, by the rule's name. */
  private static final Map<String, List<byte[]>> DEFECTS = defects();

  @Test
  void findsNothingInAGoodChain() {
    var chain = List.of(CertificateDraft.leaf().sign(), ISSUER);

    assertThat(CertificateLint.ofChain(chain)).containsExactly(List.of(), List.of());
  }

  @TestFactory
  Stream<DynamicTest> everyRuleFindsItsDefect() {
    return CertificateLint.rules().stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.name(),
                    () ->
                        assertThat(findings(rule.name()))
                            .extracting(Finding::rule)
                            .contains(rule.name())));
  }

  private static List<Finding> findings(String rule) {
    return CertificateLint.ofChain(DEFECTS.getOrDefault(rule, List.of())).getFirst();
  }

  @Test
  void noDefectIsLeftWithoutARule() {
    assertThat(DEFECTS.keySet())
        .containsExactlyInAnyOrderElementsOf(
            CertificateLint.rules().stream().map(Rule::name).toList());
  }

  /** Fail closed: what a rule cannot read breaks it. */
  @Test
  void anExtensionThatCannotBeReadIsAFinding() {
    var garbage = CertificateDraft.leaf().without(Extension.keyUsage);
    garbage.add(Extension.keyUsage, true, new byte[] {5, 0});

    assertThat(CertificateLint.of(garbage.sign()))
        .anyMatch(finding -> finding.isError() && finding.detail().equals("cannot be read"));
  }

  @Test
  void laterTimesAreGeneralizedTime() {
    var late = CertificateDraft.leaf();
    late.notAfter = new DERGeneralizedTime("99991231235959Z");

    assertThat(CertificateLint.of(late.sign())).isEmpty();
  }

  private static CertificateDraft authority(int pathLength) {
    var draft = CertificateDraft.leaf();
    draft.issuer = new X500Name("CN=Root");
    draft.subject = new X500Name("CN=Issuer");
    draft.key =
        SubjectPublicKeyInfo.getInstance(CertificateDraft.ISSUER_KEYS.getPublic().getEncoded());
    draft.extensions.clear();
    return draft
        .with(Extension.basicConstraints, true, new BasicConstraints(pathLength))
        .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
        .with(
            Extension.subjectKeyIdentifier,
            false,
            new SubjectKeyIdentifier(CertificateDraft.ISSUER_ID))
        .with(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(new byte[] {7}));
  }

  private static Map<String, List<byte[]>> defects() {
    var all = new LinkedHashMap<String, List<byte[]>>();
    ofWhole(all);
    ofTimes(all);
    ofNames(all);
    ofExtensions(all);
    ofKeys(all);
    ofIssuer(all);
    return all;
  }

  private static void ofWhole(Map<String, List<byte[]>> all) {
    all.put("rfc5280-4.1-structure", List.of(new byte[] {0x30, 3, 1, 2, 3}));
    put(all, "rfc5280-4.1.1.2-signature-algorithm", draft -> draft.outer = rsa(DERNull.INSTANCE));
    var good = CertificateDraft.leaf().sign();
    var parts = CertificateDraft.parsed(good);
    var loose = new BERSequence(ASN1Sequence.getInstance(parts).toArray());
    all.put("x690-10-der-whole", List.of(encoded(loose)));
    put(all, "x690-10-der", draft -> draft.loose = true);
    put(
        all,
        "x690-11.5-default",
        draft -> draft.add(new ASN1ObjectIdentifier("1.2.3"), false, new byte[] {5, 0}));
    put(all, "rfc5280-4.1.2.1-version", draft -> draft.version = null);
    put(all, "rfc5280-4.1.2.2-serial-positive", draft -> draft.serial = BigInteger.ZERO);
    put(all, "rfc5280-4.1.2.2-serial-length", draft -> draft.serial = BigInteger.TWO.pow(160));
    put(all, "rfc5280-4.1.2.8-unique-identifiers", draft -> draft.uniqueIdentifier = true);
  }

  private static void ofTimes(Map<String, List<byte[]>> all) {
    put(
        all,
        "rfc5280-4.1.2.5-utctime",
        draft -> draft.notAfter = new DERGeneralizedTime("20270101000000Z"));
    put(
        all,
        "rfc5280-4.1.2.5.1-utctime-form",
        draft -> draft.notAfter = new DERUTCTime("270101000000+0100"));
    put(
        all,
        "rfc5280-4.1.2.5.2-generalizedtime-form",
        draft -> draft.notAfter = new DERGeneralizedTime("20510101000000.5Z"));
    put(all, "rfc5280-4.1.2.5-order", draft -> draft.notAfter = new DERUTCTime("250101000000Z"));
  }

  private static void ofNames(Map<String, List<byte[]>> all) {
    put(all, "rfc5280-4.1.2.4-issuer-empty", draft -> draft.issuer = new DERSequence());
    put(all, "rfc5280-4.1.2.6-subject-empty", draft -> draft.subject = new DERSequence());
    put(
        all,
        "rfc5280-4.1.2.4-country",
        draft -> draft.subject = name(BCStyle.C, new DERUTF8String("DE")));
    put(
        all,
        "rfc5280-4.1.2.4-string-type",
        draft -> draft.subject = name(BCStyle.CN, new DERBMPString("dev-1")));
    put(
        all,
        "rfc5280-a.1-upper-bound",
        draft -> draft.subject = name(BCStyle.CN, new DERUTF8String("d".repeat(65))));
    put(all, "rfc5280-4.2.1.6-empty", names(new DERSequence()));
    put(all, "rfc5280-4.2.1.6-dns", names(GeneralName.dNSName, "two words"));
    put(all, "rfc5280-4.2.1.6-uri", names(GeneralName.uniformResourceIdentifier, "dev-1"));
    put(
        all,
        "rfc5280-4.2.1.6-ip",
        names(new DERSequence(new DERTaggedObject(false, 7, new DEROctetString(new byte[5])))));
    put(
        all,
        "rfc5280-4.2.1.6-critical",
        draft ->
            draft.replace(
                Extension.subjectAlternativeName,
                true,
                CertificateDraft.names(GeneralName.dNSName, "dev-1")));
  }

  private static void ofExtensions(Map<String, List<byte[]>> all) {
    put(
        all,
        "rfc5280-4.2-duplicate-extension",
        draft -> draft.with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)));
    put(
        all,
        "rfc5280-4.2-unknown-critical",
        draft -> draft.with(new ASN1ObjectIdentifier("1.2.3"), true, DERNull.INSTANCE));
    put(
        all,
        "rfc5280-4.2-never-critical",
        draft ->
            draft.replace(
                Extension.subjectKeyIdentifier, true, new SubjectKeyIdentifier(new byte[1])));
    put(
        all,
        "rfc5280-4.2.1.1-authority-key-identifier",
        draft -> draft.without(Extension.authorityKeyIdentifier));
    put(
        all,
        "rfc5280-4.2.1.2-leaf-key-identifier",
        draft -> draft.without(Extension.subjectKeyIdentifier));
    all.put(
        "rfc5280-4.2.1.2-ca-key-identifier",
        List.of(authority(0).without(Extension.subjectKeyIdentifier).sign()));
    put(
        all,
        "rfc5280-4.2.1.3-key-usage-empty",
        draft -> draft.replace(Extension.keyUsage, true, new DERBitString(new byte[] {0}, 7)));
    all.put(
        "rfc5280-4.2.1.3-ca-key-usage",
        List.of(
            authority(0).replace(Extension.keyUsage, true, new KeyUsage(KeyUsage.cRLSign)).sign()));
    put(
        all,
        "rfc5280-4.2.1.3-key-cert-sign",
        draft -> draft.replace(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)));
    put(
        all,
        "rfc5280-4.2.1.3-critical",
        draft -> draft.replace(Extension.keyUsage, false, new KeyUsage(KeyUsage.digitalSignature)));
    all.put(
        "rfc5280-4.2.1.9-critical",
        List.of(
            authority(0)
                .replace(Extension.basicConstraints, false, new BasicConstraints(0))
                .sign()));
    all.put(
        "rfc5280-4.2.1.9-path-length",
        List.of(
            authority(0).replace(Extension.keyUsage, true, new KeyUsage(KeyUsage.cRLSign)).sign()));
    put(
        all,
        "rfc5280-4.2.1.12-purposes",
        draft -> draft.replace(Extension.extendedKeyUsage, false, new DERSequence()));
    put(
        all,
        "rfc5280-4.2.1.12-any-critical",
        draft ->
            draft.replace(
                Extension.extendedKeyUsage,
                true,
                new ExtendedKeyUsage(KeyPurposeId.anyExtendedKeyUsage)));
  }

  private static void ofKeys(Map<String, List<byte[]>> all) {
    var point =
        SubjectPublicKeyInfo.getInstance(KeyPairs.p256().getPublic().getEncoded())
            .getPublicKeyData();
    put(all, "rfc5480-2.1.1-named-curve", key(X9ObjectIdentifiers.id_ecPublicKey, null, point));
    put(all, "rfc3279-2.3.1-rsa-parameters", key(PKCSObjectIdentifiers.rsaEncryption, null, point));
    put(
        all,
        "rfc8410-3-no-parameters",
        key(EdECObjectIdentifiers.id_Ed25519, DERNull.INSTANCE, point));
    put(all, "nist-800-131a-key-length", draft -> draft.key = rsaKey());
    put(all, "keys-weak", draft -> draft.key = trivialKey());
    put(
        all,
        "nist-800-131a-hash",
        algorithm(new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA1)));
    put(
        all,
        "rfc5758-3.2-ecdsa-parameters",
        algorithm(
            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256, DERNull.INSTANCE)));
    put(all, "rfc4055-5-rsa-signature-parameters", algorithm(rsa(null)));
  }

  private static void ofIssuer(Map<String, List<byte[]>> all) {
    under(all, "rfc5280-6.1.3-issuer-name", draft -> draft.issuer = new X500Name("CN=issuer"));
    under(all, "rfc5280-6.1.3-signature", draft -> draft.spoilt = true);
    under(
        all,
        "rfc5280-4.2.1.1-matches-issuer",
        draft ->
            draft.replace(
                Extension.authorityKeyIdentifier,
                false,
                new AuthorityKeyIdentifier(new byte[] {4})));
    under(
        all,
        "sallyport-validity-nested",
        draft -> draft.notAfter = new DERUTCTime("280101000000Z"));
    all.put(
        "rfc5280-6.1.4-issuer-is-ca",
        List.of(CertificateDraft.leaf().sign(), CertificateDraft.leaf().sign()));
    all.put("rfc5280-6.1.4-path-length", List.of(authority(0).sign(), authority(0).sign()));
  }

  private static void put(
      Map<String, List<byte[]>> all, String rule, Consumer<CertificateDraft> defect) {
    var draft = CertificateDraft.leaf();
    defect.accept(draft);
    all.put(rule, List.of(draft.sign()));
  }

  private static void under(
      Map<String, List<byte[]>> all, String rule, Consumer<CertificateDraft> defect) {
    var draft = CertificateDraft.leaf();
    defect.accept(draft);
    all.put(rule, List.of(draft.sign(), ISSUER));
  }

  private static Consumer<CertificateDraft> names(int kind, String text) {
    return names(CertificateDraft.names(kind, text));
  }

  private static Consumer<CertificateDraft> names(ASN1Encodable value) {
    return draft -> draft.replace(Extension.subjectAlternativeName, false, value);
  }

  private static Consumer<CertificateDraft> algorithm(AlgorithmIdentifier algorithm) {
    return draft -> {
      draft.inner = algorithm;
      draft.outer = algorithm;
    };
  }

  private static Consumer<CertificateDraft> key(
      ASN1ObjectIdentifier kind, @Nullable ASN1Encodable parameters, ASN1Encodable point) {
    var algorithm =
        parameters == null
            ? new AlgorithmIdentifier(kind)
            : new AlgorithmIdentifier(kind, parameters);
    return draft -> draft.key = new DERSequence(new ASN1Encodable[] {algorithm, point});
  }

  private static AlgorithmIdentifier rsa(@Nullable ASN1Encodable parameters) {
    var oid = PKCSObjectIdentifiers.sha256WithRSAEncryption;
    return parameters == null
        ? new AlgorithmIdentifier(oid)
        : new AlgorithmIdentifier(oid, parameters);
  }

  private static ASN1Encodable rsaKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(1024);
      return SubjectPublicKeyInfo.getInstance(generator.generateKeyPair().getPublic().getEncoded());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The base point itself: the private key is 1. */
  private static ASN1Encodable trivialKey() {
    var parameters = ECNamedCurveTable.getByName("P-256");
    return new SubjectPublicKeyInfo(
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, X9ObjectIdentifiers.prime256v1),
        parameters.getG().getEncoded(false));
  }

  private static X500Name name(ASN1ObjectIdentifier kind, ASN1Encodable value) {
    return new X500NameBuilder().addRDN(kind, value).build();
  }

  private static byte[] encoded(ASN1Encodable value) {
    try {
      return value.toASN1Primitive().getEncoded();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
