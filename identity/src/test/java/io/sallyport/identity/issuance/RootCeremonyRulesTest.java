package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.Pem;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an off-line root answers is installed only if each rule holds, and then at once. */
@SuppressWarnings("NullAway.Init")
class RootCeremonyRulesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final int AUTHORITY = KeyUsage.keyCertSign | KeyUsage.cRLSign;
  private static final KeyPair ROOT_KEYS = KeyPairs.p384();

  @TempDir private Path directory;
  private PendingAuthorities pending;
  private List<AuthorityRequest> requests;

  @BeforeEach
  void ask() throws Exception {
    pending = new PendingAuthorities(directory.resolve("ca"));
    requests = pending.request(Passphrase.generate(), null);
  }

  /** A certificate as it should be, each part of which can be another. */
  private static final class Draft {
    String subject = "CN=A Root";
    String issuer = "CN=A Root";
    PublicKey key = ROOT_KEYS.getPublic();
    KeyPair by = ROOT_KEYS;
    String algorithm = "SHA384withECDSA";
    @Nullable BasicConstraints constraints = new BasicConstraints(1);
    @Nullable KeyUsage usage = new KeyUsage(AUTHORITY);
    @Nullable ExtendedKeyUsage purposes;
    Instant from = NOW.minus(DAY);
    Instant until = NOW.plus(DAY.multipliedBy(5_000));

    X509Certificate sign() throws Exception {
      var builder =
          new X509v3CertificateBuilder(
              new X500Name(issuer),
              new BigInteger("4711471147114711"),
              Date.from(from),
              Date.from(until),
              new X500Name(subject),
              SubjectPublicKeyInfo.getInstance(key.getEncoded()));
      var ids = new JcaX509ExtensionUtils();
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(key));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          ids.createAuthorityKeyIdentifier(by.getPublic()));
      if (constraints != null) {
        builder.addExtension(Extension.basicConstraints, true, constraints);
      }
      if (usage != null) {
        builder.addExtension(Extension.keyUsage, true, usage);
      }
      if (purposes != null) {
        builder.addExtension(Extension.extendedKeyUsage, false, purposes);
      }
      var signer = new JcaContentSignerBuilder(algorithm).build(by.getPrivate());
      return Pem.certificateOfDer(builder.build(signer).getEncoded());
    }
  }

  @FunctionalInterface
  private interface Change {
    void of(Draft draft) throws Exception;
  }

  private static X509Certificate root(Change change) throws Exception {
    var draft = new Draft();
    change.of(draft);
    return draft.sign();
  }

  private static X509Certificate issuing(AuthorityRequest request, Change change) throws Exception {
    var draft = new Draft();
    draft.subject = "CN=" + request.commonName();
    draft.key = request.publicKey();
    draft.constraints = new BasicConstraints(0);
    draft.until = NOW.plus(DAY.multipliedBy(1_800));
    change.of(draft);
    return draft.sign();
  }

  private static void asItShouldBe(Draft draft) {}

  /** The first as that change makes it, the other as it should be. */
  private List<X509Certificate> answers(Change change) throws Exception {
    return List.of(
        issuing(requests.getFirst(), change),
        issuing(requests.getLast(), RootCeremonyRulesTest::asItShouldBe));
  }

  private static void refused(ThrowingCallable attempt, String rule) {
    assertThatThrownBy(attempt)
        .isInstanceOfSatisfying(
            CeremonyRefused.class, refused -> assertThat(refused.rule()).isEqualTo(rule));
  }

  private void refusesRoot(Change change, String rule) {
    refused(
        () -> pending.install(root(change), answers(RootCeremonyRulesTest::asItShouldBe), NOW),
        rule);
    assertThat(directory.resolve("ca")).doesNotExist();
  }

  private void refusesAnswer(Change change, String rule) {
    refused(
        () -> pending.install(root(RootCeremonyRulesTest::asItShouldBe), answers(change), NOW),
        rule);
    assertThat(directory.resolve("ca")).doesNotExist();
  }

  @Test
  void installsWhatIsAsItShouldBeAndAskedForNoMore() throws Exception {
    var again =
        new PendingAuthorities(directory.resolve("ca")).request(Passphrase.generate(), null);
    assertThat(again.getFirst().publicKey()).isEqualTo(requests.getFirst().publicKey());

    pending.install(
        root(RootCeremonyRulesTest::asItShouldBe),
        answers(RootCeremonyRulesTest::asItShouldBe),
        NOW);

    try (Stream<Path> files = Files.list(directory.resolve("ca"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("root.crt", "devices.crt", "devices.key", "servers.crt", "servers.key");
    }
    assertThat(directory.resolve("ca.pending")).doesNotExist();
    assertThatThrownBy(() -> pending.request(Passphrase.generate(), null))
        .isInstanceOf(AuthorityRefused.class);
    assertThatThrownBy(
            () ->
                pending.install(
                    root(RootCeremonyRulesTest::asItShouldBe),
                    answers(RootCeremonyRulesTest::asItShouldBe),
                    NOW))
        .isInstanceOf(AuthorityRefused.class);
  }

  @Test
  void installsNothingThatWasNotAskedFor() {
    var elsewhere = new PendingAuthorities(directory.resolve("other"));
    assertThatThrownBy(
            () ->
                elsewhere.install(
                    root(RootCeremonyRulesTest::asItShouldBe),
                    answers(RootCeremonyRulesTest::asItShouldBe),
                    NOW))
        .isInstanceOf(AuthorityRefused.class)
        .hasMessageContaining("ca request");
  }

  @Test
  void aRootIsSignedByItself() {
    var other = KeyPairs.p384();
    refusesRoot(draft -> draft.issuer = "CN=Another", "root-self-signed");
    refusesRoot(draft -> draft.by = other, "root-self-signed");
  }

  @Test
  void aRootMayHaveAuthoritiesBelowIt() {
    refusesRoot(draft -> draft.constraints = new BasicConstraints(0), "root-path-length");
    refusesRoot(draft -> draft.constraints = null, "root-path-length");
    refusesRoot(draft -> draft.usage = null, "root-key-usage");
    refusesRoot(draft -> draft.usage = new KeyUsage(KeyUsage.cRLSign), "root-key-usage");
  }

  @Test
  void aRootIsStrong() throws Exception {
    for (int bits : new int[] {2_048, 3_072}) {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      var keys = generator.generateKeyPair();
      refusesRoot(draft -> rsa(draft, keys, "SHA1withRSA"), "root-algorithm");
      if (bits == 2_048) {
        refusesRoot(draft -> rsa(draft, keys, "SHA256withRSA"), "root-algorithm");
      } else {
        var root = root(draft -> rsa(draft, keys, "SHA256withRSA"));
        refused(
            () -> pending.install(root, answers(RootCeremonyRulesTest::asItShouldBe), NOW),
            "install-issuer");
      }
    }
    var edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    refusesRoot(
        draft -> {
          draft.by = edwards;
          draft.key = edwards.getPublic();
          draft.algorithm = "Ed25519";
        },
        "root-algorithm");
  }

  private static void rsa(Draft draft, KeyPair keys, String algorithm) {
    draft.by = keys;
    draft.key = keys.getPublic();
    draft.algorithm = algorithm;
  }

  @Test
  void aRootIsValidNowAndForAMonthAtLeast() {
    refusesRoot(draft -> draft.from = NOW.plus(DAY), "root-validity");
    refusesRoot(draft -> draft.until = NOW.plus(DAY.multipliedBy(29)), "root-validity");
  }

  @Test
  void theRootsKeyIsNobodyElses() throws Exception {
    var request = requests.getFirst();
    var sealed = AuthorityRequest.of(AuthorityName.DEVICES, ROOT_KEYS);
    Files.writeString(directory.resolve("ca.pending/devices.csr"), sealed.pem());
    assertThat(request.publicKey()).isNotEqualTo(ROOT_KEYS.getPublic());
    refusesAnswer(RootCeremonyRulesTest::asItShouldBe, "root-key");
  }

  @Test
  void anAnswerIsForTheKeyAndTheNameThatWereAskedFor() throws Exception {
    var other = KeyPairs.p256();
    refusesAnswer(draft -> draft.key = other.getPublic(), "install-key");
    refusesAnswer(draft -> draft.subject = "CN=Somebody", "install-subject");
    var twice = new ArrayList<>(answers(RootCeremonyRulesTest::asItShouldBe));
    twice.add(twice.getFirst());
    refused(
        () -> pending.install(root(RootCeremonyRulesTest::asItShouldBe), twice, NOW),
        "install-subject");
  }

  @Test
  void anAnswerIsSignedByThatRoot() {
    var other = KeyPairs.p384();
    refusesAnswer(draft -> draft.by = other, "install-issuer");
    refusesAnswer(draft -> draft.issuer = "CN=Another", "install-issuer");
  }

  @Test
  void anAnswerIsAnAuthorityWithNoneBelow() {
    refusesAnswer(draft -> draft.constraints = new BasicConstraints(1), "install-path-length");
    refusesAnswer(draft -> draft.constraints = null, "install-path-length");
    refusesAnswer(draft -> draft.usage = null, "install-key-usage");
    refusesAnswer(draft -> draft.usage = new KeyUsage(KeyUsage.keyCertSign), "install-key-usage");
    refusesAnswer(draft -> draft.usage = new KeyUsage(KeyUsage.cRLSign), "install-key-usage");
    refusesAnswer(
        draft -> draft.usage = new KeyUsage(AUTHORITY | KeyUsage.keyAgreement),
        "install-key-usage");
    refusesAnswer(
        draft -> draft.purposes = new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth),
        "install-extended-key-usage");
  }

  @Test
  void anAnswerIsValidNowAndNoLongerThanTheRoot() {
    refusesAnswer(draft -> draft.from = NOW.plus(DAY), "install-validity");
    refusesAnswer(draft -> draft.until = NOW.plus(DAY.multipliedBy(29)), "install-validity");
    refusesAnswer(draft -> draft.until = NOW.plus(DAY.multipliedBy(5_001)), "install-validity");
  }

  @Test
  void aRequestProvesItsKeyAndNamesAnIssuingAuthority() throws Exception {
    var pem = requests.getFirst().pem();
    assertThat(AuthorityRequest.parse(pem).name()).isEqualTo(AuthorityName.DEVICES);
    refused(() -> AuthorityRequest.parse("x".repeat(20_000)), "request-structure");
    refused(() -> AuthorityRequest.parse("no PEM"), "request-structure");
    refused(
        () -> AuthorityRequest.parse(AuthorityRequest.of(AuthorityName.ROOT, ROOT_KEYS).pem()),
        "request-subject");
  }

  /** Every byte of a request, one after the other: none of them yields another request. */
  @Test
  void aRequestThatWasTamperedWithIsRefused() throws Exception {
    var pem = requests.getFirst().pem();
    var body = pem.lines().filter(line -> !line.startsWith("-")).reduce("", String::concat);
    var der = java.util.Base64.getDecoder().decode(body);
    for (int at = 0; at < der.length; at++) {
      der[at] ^= 1;
      var changed =
          "-----BEGIN CERTIFICATE REQUEST-----\n"
              + java.util.Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
              + "\n-----END CERTIFICATE REQUEST-----\n";
      assertThatThrownBy(() -> AuthorityRequest.parse(changed))
          .as("byte " + at)
          .isInstanceOf(CeremonyRefused.class);
      der[at] ^= 1;
    }
  }
}
