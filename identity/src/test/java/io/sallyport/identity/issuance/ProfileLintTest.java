package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.LintedSigner.Signing;
import io.sallyport.identity.lint.CertificateLint;
import io.sallyport.identity.lint.Finding;
import io.sallyport.identity.lint.Period;
import io.sallyport.identity.lint.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Nothing but what the profile says gets a signature, and no spoilt signature leaves. */
class ProfileLintTest {
  private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");
  private static final Authorities CA = Authorities.create(Serials.random(), NOW);
  private static final KeyPair ISSUER = KeyPairs.p256();
  private static final String OTHER_ID = "sallyport-subject-key-identifier";
  private static final String OTHER_KEY = "sallyport-key";
  private static final LeafProfile DEVICE =
      new LeafProfile.Client(PrincipalKind.DEVICE, new PrincipalId("dev-1"));
  private static final byte[] LEAF = contents(leaf());
  private static final byte[] AUTHORITY = contents(CA.devices().certificate());

  /** A way to differ from each rule's expectation, by the rule's name. */
  private static final Map<String, Consumer<ExpectedDraft>> DIFFERENCES = differences();

  @Test
  void everythingThatIsSignedPassesTheLintOfEverybody() throws Exception {
    var leaf = leaf().getEncoded();
    var issuing = CA.devices().certificate().getEncoded();
    var root = CA.root().getEncoded();
    var server =
        CA.servers()
            .sign(
                new LeafProfile.Server(List.of("gate.example"), List.of("192.0.2.1", "::1")),
                KeyPairs.p256().getPublic(),
                Serials.random().next(),
                NOW,
                Duration.ofDays(90))
            .getEncoded();

    assertThat(CertificateLint.ofChain(List.of(leaf, issuing, root)))
        .allSatisfy(findings -> assertThat(findings).isEmpty());
    assertThat(
            CertificateLint.ofChain(List.of(server, CA.servers().certificate().getEncoded(), root)))
        .allSatisfy(findings -> assertThat(findings).isEmpty());
  }

  @TestFactory
  Stream<DynamicTest> everyRuleStopsWhatDiffers() {
    assertThat(ProfileLint.of(LEAF, ExpectedDraft.ofLeaf(CA).expected())).isEmpty();
    assertThat(ProfileLint.of(AUTHORITY, ExpectedDraft.ofAuthority(CA).expected())).isEmpty();
    assertThat(Stream.concat(DIFFERENCES.keySet().stream(), Stream.of(OTHER_ID, OTHER_KEY)))
        .containsExactlyInAnyOrderElementsOf(ProfileLint.rules().stream().map(Rule::name).toList());
    return DIFFERENCES.entrySet().stream()
        .map(one -> DynamicTest.dynamicTest(one.getKey(), () -> stops(one)));
  }

  private static void stops(Map.Entry<String, Consumer<ExpectedDraft>> difference) {
    var ofAuthority = difference.getKey().equals("sallyport-path-length");
    var draft = ofAuthority ? ExpectedDraft.ofAuthority(CA) : ExpectedDraft.ofLeaf(CA);
    difference.getValue().accept(draft);

    assertThat(ProfileLint.of(ofAuthority ? AUTHORITY : LEAF, draft.expected()))
        .extracting(Finding::rule)
        .contains(difference.getKey());
  }

  /** A key was put in the place of another: the identifier is that of the old one. */
  @Test
  void theKeyAndItsIdentifierBelongTogether() {
    var base = ECNamedCurveTable.getByName("P-256").getG().getEncoded(false);
    var contents = LEAF.clone();
    // The key's bit string begins 03 42 00, then the point.
    var at = HexFormat.of().formatHex(contents).indexOf("03420004") / 2 + 3;
    System.arraycopy(base, 0, contents, at, base.length);

    // The base point is the public key of the private key 1.
    assertThat(ProfileLint.of(contents, ExpectedDraft.ofLeaf(CA).expected()))
        .extracting(Finding::rule)
        .containsExactlyInAnyOrder(OTHER_ID, OTHER_KEY);
  }

  @Test
  void whatBreaksARuleIsNeverSigned() {
    var signed = new AtomicInteger();
    Signing counting =
        bytes -> {
          signed.incrementAndGet();
          return new byte[0];
        };
    // The profile allows no more than ten years.
    var within = new Period(NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(9_000)));
    var signer =
        new CertificateSigner(new X500Name("CN=Issuer"), ISSUER.getPublic(), within, counting);

    assertThatThrownBy(
            () ->
                signer.leaf(
                    DEVICE,
                    KeyPairs.p256().getPublic(),
                    Serials.random().next(),
                    new Validity(NOW, NOW.plus(Duration.ofDays(8_000))),
                    1,
                    null))
        .isInstanceOf(LintedSigner.CertificateRefused.class)
        .hasMessageContaining("sallyport-lifetime: 8000 days");
    assertThat(signed).hasValue(0);
  }

  /** Two signatures over one thing, one of them spoilt, can give an issuer's key away. */
  @Test
  void aSignatureThatAFaultSpoiltNeverLeaves() {
    for (var bit = 0; bit < 8 * 64; bit += 37) {
      var fault = bit;
      var honest = Signing.with(ISSUER.getPrivate(), "SHA256withECDSA");
      Signing faulty =
          bytes -> {
            var signature = honest.sign(bytes);
            // Past the DER headers, into the numbers.
            signature[4 + fault / 8] ^= (byte) (1 << fault % 8);
            return signature;
          };

      assertThatThrownBy(() -> signed(faulty)).isInstanceOf(IssuanceUnavailable.class);
      assertThat(signed(honest)).isNotNull();
    }
  }

  @Test
  void theKeyOfAnotherAuthoritySignsNothing() {
    var other = Signing.with(KeyPairs.p256().getPrivate(), "SHA256withECDSA");

    assertThatThrownBy(() -> signed(other))
        .isInstanceOf(IssuanceUnavailable.class)
        .hasMessageContaining("does not verify");
  }

  /** The page is the list of the rules: each is named there with its source. */
  @Test
  void thePageNamesEveryRule() throws Exception {
    var page = Files.readString(Path.of("..", "docs", "pki-lint.md"));

    var rules =
        Stream.concat(CertificateLint.rules().stream(), ProfileLint.rules().stream()).toList();
    assertThat(rules)
        .allSatisfy(
            rule ->
                assertThat(page)
                    .contains(
                        "| `"
                            + rule.name()
                            + "` | "
                            + rule.severity().word()
                            + " | "
                            + rule.what()
                            + " | "
                            + rule.source()
                            + " |"));
  }

  private static X509Certificate signed(Signing signing) {
    var within = new Period(NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(1_000)));
    return new CertificateSigner(new X500Name("CN=Issuer"), ISSUER.getPublic(), within, signing)
        .leaf(
            DEVICE,
            KeyPairs.p256().getPublic(),
            Serials.random().next(),
            new Validity(NOW, NOW.plus(Duration.ofDays(365))),
            1,
            null);
  }

  private static Map<String, Consumer<ExpectedDraft>> differences() {
    var all = new LinkedHashMap<String, Consumer<ExpectedDraft>>();
    // The same name in another case is another name: verifiers compare bytes.
    all.put("sallyport-issuer-name", draft -> draft.issuer = "CN=Sallyport devices CA");
    all.put("sallyport-subject", draft -> draft.subject = "CN=dev-2");
    all.put("sallyport-names", draft -> draft.uri = "urn:sallyport:device:dev-2");
    all.put("sallyport-extensions", draft -> draft.uri = null);
    all.put("sallyport-key-usage", draft -> draft.usage = KeyUsage.keyAgreement);
    all.put("sallyport-extended-key-usage", draft -> draft.purpose = KeyPurposeId.id_kp_serverAuth);
    all.put("sallyport-path-length", draft -> draft.pathLength = 1);
    all.put(
        "sallyport-authority-key-identifier",
        draft -> draft.issuerKey = KeyPairs.p256().getPublic());
    all.put("sallyport-lifetime", draft -> draft.longest = Duration.ofDays(364));
    all.put("sallyport-validity-inside-issuer", draft -> draft.until = NOW.plusSeconds(60));
    all.put("sallyport-signature-algorithm", draft -> draft.algorithm = "SHA384withECDSA");
    return all;
  }

  private static X509Certificate leaf() {
    return CA.devices()
        .sign(
            DEVICE,
            KeyPairs.p256().getPublic(),
            Serials.random().next(),
            NOW,
            Duration.ofDays(365));
  }

  private static byte[] contents(X509Certificate certificate) {
    try {
      return certificate.getTBSCertificate();
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }
}
