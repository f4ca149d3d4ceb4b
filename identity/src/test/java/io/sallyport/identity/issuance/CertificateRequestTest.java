package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.RequestRefused.Reason;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRequestTest {
  private static final PrincipalId ID = new PrincipalId("dev-1");
  private static final String URI = "urn:sallyport:device:dev-1";

  @TempDir private Path directory;

  @Test
  void acceptsDerAndPemOfTheSameRequest() throws Exception {
    var der = RequestDraft.p256().der();
    assertThat(parse(Pem.encode("CERTIFICATE REQUEST", der)).publicKeyHash())
        .isEqualTo(parse(der).publicKeyHash());
    parse(Pem.encode("NEW CERTIFICATE REQUEST", der));
  }

  @Test
  void acceptsEveryKeyThatTheProfileNames() throws Exception {
    parse(RequestDraft.of(RequestDraft.ec("secp384r1"), "SHA384withECDSA").der());
    parse(RequestDraft.of(RequestDraft.keys("Ed25519", 255), "Ed25519").der());
    var rsa = RequestDraft.keys("RSA", 2048);
    var request = parse(RequestDraft.of(rsa, "SHA512withRSA").der());
    assertThat(request.publicKeyHash()).isEqualTo(PublicKeyHash.of(rsa.getPublic()));
    assertThat(request.publicKey()).isEqualTo(rsa.getPublic());
  }

  @Test
  void acceptsAnEmptySubjectAndAskingForWhatIsGivenAnyway() throws Exception {
    parse(RequestDraft.p256().subject("").der());
    parse(
        RequestDraft.p256()
            .with(Extension.basicConstraints, true, new BasicConstraints(false))
            .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
            .with(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))
            .with(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, URI)))
            .der());
  }

  @Test
  void readsWhatOpensslMakes() throws Exception {
    Openssl.run(directory, "ecparam", "-name", "prime256v1", "-genkey", "-out", "k.pem");
    var made =
        Openssl.run(
            directory, "req", "-new", "-key", "k.pem", "-subj", "/CN=dev-1", "-out", "r.pem");
    assertThat(made.exit()).as(made.text()).isZero();
    parse(Files.readAllBytes(directory.resolve("r.pem")));
  }

  @Test
  void refusesMoreThanEightKibUnread() {
    assertRefused(new byte[CertificateRequest.LENGTH_MAX + 1], Reason.TOO_LARGE);
    assertRefused(new byte[CertificateRequest.LENGTH_MAX], Reason.MALFORMED);
  }

  @Test
  void refusesTrailingBytesAndASecondBlock() throws Exception {
    var der = RequestDraft.p256().der();
    assertRefused(Arrays.copyOf(der, der.length + 1), Reason.MALFORMED);
    var pem = new String(Pem.encode("CERTIFICATE REQUEST", der), StandardCharsets.US_ASCII);
    assertRefused((pem + pem).getBytes(StandardCharsets.US_ASCII), Reason.MALFORMED);
    assertRefused((pem + "more").getBytes(StandardCharsets.US_ASCII), Reason.MALFORMED);
    assertRefused(Pem.encode("CERTIFICATE", der), Reason.MALFORMED);
    assertRefused(new byte[0], Reason.MALFORMED);
  }

  @Test
  void refusesBerThatIsNotDer() throws Exception {
    var der = RequestDraft.p256().der();
    // The same length of the outer sequence, written in one byte more than needed.
    int header = der[1] == (byte) 0x82 ? 4 : 3;
    var longer = new byte[der.length + 1];
    longer[0] = 0x30;
    longer[1] = (byte) (der[1] + 1);
    System.arraycopy(der, 2, longer, 3, header - 2);
    System.arraycopy(der, header, longer, header + 1, der.length - header);
    assertRefused(longer, Reason.MALFORMED);
  }

  @Test
  void refusesAKeyThatTheSenderDoesNotHave() throws Exception {
    var victim = info(KeyPairs.p256().getPublic());
    assertRefused(RequestDraft.p256().holding(victim).der(), Reason.NOT_PROVEN);
  }

  @Test
  void refusesASignatureOfAnotherKindThanTheKey() throws Exception {
    var rsa = info(RequestDraft.keys("RSA", 2048).getPublic());
    assertRefused(RequestDraft.p256().holding(rsa).der(), Reason.NOT_PROVEN);
  }

  @Test
  void refusesWeakRsaKeys() throws Exception {
    assertRefused(
        RequestDraft.of(RequestDraft.keys("RSA", 1024), "SHA256withRSA").der(), Reason.WEAK_KEY);
    var exponent3 =
        RequestDraft.keys("RSA", new RSAKeyGenParameterSpec(2048, BigInteger.valueOf(3)));
    assertRefused(RequestDraft.of(exponent3, "SHA256withRSA").der(), Reason.WEAK_KEY);
  }

  @Test
  void refusesRsaNumbersThatNobodyMadeWell() throws Exception {
    var good = BigInteger.TWO.pow(2048).subtract(BigInteger.valueOf(1942289));
    var fermat4 = BigInteger.valueOf(65_537);
    assertRefused(rsa(BigInteger.TWO.pow(2047).add(BigInteger.valueOf(7)), fermat4));
    assertRefused(rsa(BigInteger.valueOf(97).pow(311), fermat4));
    assertRefused(rsa(good, BigInteger.valueOf(65_538)));
    assertRefused(rsa(good, BigInteger.TWO.pow(256).add(BigInteger.ONE)));
    assertRefused(rsa(BigInteger.TWO.pow(8192).add(BigInteger.ONE), fermat4));
  }

  @Test
  void refusesOtherCurves() throws Exception {
    assertRefused(
        RequestDraft.of(RequestDraft.ec("secp521r1"), "SHA512withECDSA").der(),
        Reason.UNSUPPORTED_KEY);
  }

  @Test
  void refusesOtherKindsOfKeys() throws Exception {
    assertRefused(
        RequestDraft.of(RequestDraft.keys("Ed448", 448), "Ed448").der(), Reason.UNSUPPORTED_KEY);
    assertRefused(
        RequestDraft.of(RequestDraft.keys("DSA", 2048), "SHA256withDSA").der(),
        Reason.UNSUPPORTED_KEY);
  }

  @Test
  void refusesAPointThatIsNotOnTheCurve() throws Exception {
    var info = info(KeyPairs.p256().getPublic());
    var point = info.getPublicKeyData().getOctets();
    point[64] ^= 1;
    assertRefused(
        RequestDraft.p256().holding(new SubjectPublicKeyInfo(info.getAlgorithm(), point)).der(),
        Reason.MALFORMED);
  }

  @Test
  void refusesASecondEncodingOfAPointAndExplicitCurves() throws Exception {
    var info = info(KeyPairs.p256().getPublic());
    var point = info.getPublicKeyData().getOctets();
    var compressed = Arrays.copyOf(point, 33);
    compressed[0] = (byte) (2 + (point[64] & 1));
    for (var other : new byte[][] {compressed, {0}, {}}) {
      assertRefused(
          RequestDraft.p256().holding(new SubjectPublicKeyInfo(info.getAlgorithm(), other)).der(),
          Reason.UNSUPPORTED_KEY);
    }
    var noCurve = new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, DERNull.INSTANCE);
    assertRefused(
        RequestDraft.p256().holding(new SubjectPublicKeyInfo(noCurve, point)).der(),
        Reason.UNSUPPORTED_KEY);
    var k1 =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256k1);
    assertRefused(
        RequestDraft.p256().holding(new SubjectPublicKeyInfo(k1, point)).der(),
        Reason.UNSUPPORTED_KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // The neutral element and points of order 2, 4 and 8 (RFC 8032's curve).
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "00"
      })
  void refusesEd25519KeysThatProveNothing(String hex) throws Exception {
    var algorithm = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
    var info = new SubjectPublicKeyInfo(algorithm, HexFormat.of().parseHex(hex));
    assertRefused(
        RequestDraft.of(RequestDraft.keys("Ed25519", 255), "Ed25519").holding(info).der(),
        Reason.WEAK_KEY);
  }

  @Test
  void oneRsaKeyHasOneHashHoweverItIsWritten() throws Exception {
    var keys = RequestDraft.keys("RSA", 2048);
    var usual = info(keys.getPublic());
    var withoutNull =
        new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption), usual.parsePublicKey());
    var one = parse(RequestDraft.of(keys, "SHA256withRSA").der());
    var other = parse(RequestDraft.of(keys, "SHA256withRSA").holding(withoutNull).der());
    assertThat(other.publicKeyHash()).isEqualTo(one.publicKeyHash());
  }

  @Test
  void refusesWeakHashes() throws Exception {
    assertRefused(RequestDraft.p256().signedOver("SHA1withECDSA").der(), Reason.WEAK_SIGNATURE);
    var rsa = RequestDraft.keys("RSA", 2048);
    assertRefused(RequestDraft.of(rsa, "SHA1withRSA").der(), Reason.WEAK_SIGNATURE);
    assertRefused(RequestDraft.of(rsa, "MD5withRSA").der(), Reason.WEAK_SIGNATURE);
  }

  @Test
  void refusesSignaturesThatItDoesNotRead() throws Exception {
    assertRefused(
        RequestDraft.p256().signedOver("SHA3-256withECDSA").der(), Reason.UNSUPPORTED_SIGNATURE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CN=dev-2",
        "O=dev-1",
        "CN=dev-1,O=Example",
        "CN=dev-1,CN=dev-1",
        "CN=dev-1+O=Example",
        "CN=DEV-1",
        "CN= dev-1 x"
      })
  void refusesAForeignSubject(String subject) throws Exception {
    assertRefused(RequestDraft.p256().subject(subject).der(), Reason.FOREIGN_SUBJECT);
  }

  @Test
  void refusesForeignAlternativeNames() throws Exception {
    for (var name :
        new GeneralName[] {
          new GeneralName(GeneralName.dNSName, "dev-1"),
          new GeneralName(GeneralName.iPAddress, "192.0.2.1"),
          new GeneralName(GeneralName.uniformResourceIdentifier, "urn:sallyport:device:dev-2"),
          new GeneralName(GeneralName.uniformResourceIdentifier, "urn:sallyport:operator:dev-1")
        }) {
      assertRefused(
          RequestDraft.p256()
              .with(Extension.subjectAlternativeName, false, new GeneralNames(name))
              .der(),
          Reason.FOREIGN_NAMES);
    }
  }

  @Test
  void refusesToMakeAnAuthority() throws Exception {
    assertRefused(
        RequestDraft.p256()
            .with(Extension.basicConstraints, true, new BasicConstraints(true))
            .der(),
        Reason.ASKS_FOR_AUTHORITY);
    for (int usage : new int[] {KeyUsage.keyCertSign, KeyUsage.cRLSign}) {
      assertRefused(
          RequestDraft.p256().with(Extension.keyUsage, true, new KeyUsage(usage)).der(),
          Reason.ASKS_FOR_AUTHORITY);
    }
  }

  @Test
  void refusesOtherUsages() throws Exception {
    for (int usage : new int[] {KeyUsage.nonRepudiation, KeyUsage.decipherOnly}) {
      assertRefused(
          RequestDraft.p256().with(Extension.keyUsage, true, new KeyUsage(usage)).der(),
          Reason.ASKS_FOR_USAGE);
    }
    assertRefused(
        RequestDraft.p256()
            .with(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(
                    new KeyPurposeId[] {
                      KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth
                    }))
            .der(),
        Reason.ASKS_FOR_USAGE);
  }

  @Test
  void refusesACriticalExtensionThatItDoesNotGive() throws Exception {
    assertRefused(
        RequestDraft.p256().with(Extension.nameConstraints, true, DERNull.INSTANCE).der(),
        Reason.ASKS_FOR_EXTENSION);
    parse(RequestDraft.p256().with(Extension.nameConstraints, false, DERNull.INSTANCE).der());
  }

  @Test
  void deviceKeysMakeARequestThatIsAccepted() throws Exception {
    try (var keys = DeviceKeys.generate(PrincipalKind.DEVICE, ID)) {
      parse(keys.requestPem().getBytes(StandardCharsets.US_ASCII));
      Files.write(directory.resolve("k.pem"), keys.privateKeyPem());
      Files.writeString(directory.resolve("r.pem"), keys.requestPem());
      assertThat(keys.toString()).doesNotContain("PRIVATE");
    }
    var read = Openssl.run(directory, "req", "-in", "r.pem", "-verify", "-noout", "-key", "k.pem");
    assertThat(read.exit()).as(read.text()).isZero();
  }

  @Test
  void closedDeviceKeysHoldNoKey() {
    var keys = DeviceKeys.generate(PrincipalKind.BACKEND, ID);
    keys.close();
    assertThat(keys.privateKeyPem()).containsOnly(0);
  }

  @Test
  void reasonsHaveWords() {
    assertThat(Reason.ASKS_FOR_AUTHORITY.word()).isEqualTo("asks-for-authority");
  }

  private static SubjectPublicKeyInfo info(PublicKey key) {
    return SubjectPublicKeyInfo.getInstance(key.getEncoded());
  }

  private static byte[] rsa(BigInteger modulus, BigInteger exponent) throws Exception {
    var algorithm = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
    var info = new SubjectPublicKeyInfo(algorithm, new RSAPublicKey(modulus, exponent));
    return RequestDraft.p256().holding(info).der();
  }

  private static CertificateRequest parse(byte[] encoded) throws RequestRefused {
    return CertificateRequest.parse(encoded, PrincipalKind.DEVICE, ID);
  }

  private static void assertRefused(byte[] encoded) {
    assertRefused(encoded, Reason.WEAK_KEY);
  }

  private static void assertRefused(byte[] encoded, Reason reason) {
    assertThatThrownBy(() -> parse(encoded))
        .isInstanceOfSatisfying(
            RequestRefused.class,
            refused -> assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(reason));
  }
}
