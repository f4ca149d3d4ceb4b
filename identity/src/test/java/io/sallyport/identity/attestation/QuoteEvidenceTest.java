package io.sallyport.identity.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.attestation.EvidenceRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Quotes that the TPM of swtpm 0.7.1 made, asked for by tpm2-tools 5.4: {@code tpm2_createak},
 * {@code tpm2_pcrextend} on registers 0 and 7, {@code tpm2_quote -l sha256:0,7 -g sha256}.
 */
class QuoteEvidenceTest {
  private static final PrincipalId DEVICE = new PrincipalId("gateway-box-1");
  private static final String PCR_0 =
      "9ef3d12330cd4cf094105f1fa36316ced9d8d1d5e266548d7087ff0a9ca100a5";
  private static final String PCR_7 =
      "1508e5a18b01c30c28b4ea79ebef8d5b5c3bd194b34e7570c9aa618fb44f35bb";

  @ParameterizedTest
  @ValueSource(strings = {"ecdsa", "rsassa", "rsapss"})
  void affirmsAQuoteOfARealTpm(String scheme) throws Exception {
    var claims =
        verifier(scheme).affirm(quote(scheme, registers()), expected("sallyport tpm nonce"));

    assertThat(claims.measurements())
        .containsExactly(
            new Measurement("pcr:sha256:0", PCR_0), new Measurement("pcr:sha256:7", PCR_7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecdsa", "rsassa", "rsapss"})
  void refusesEveryChangedByte(String scheme) throws Exception {
    var attested = bytes(scheme + ".attest");
    var signature = bytes(scheme + ".signature");
    for (int at = 0; at < attested.length; at++) {
      refuses(scheme, new Evidence.Quote(changed(attested, at), signature, registers()));
    }
    for (int at = 0; at < signature.length; at++) {
      refuses(scheme, new Evidence.Quote(attested, changed(signature, at), registers()));
    }
  }

  @Test
  void refusesEveryShorterAndALongerOne() throws Exception {
    var attested = bytes("ecdsa.attest");
    var signature = bytes("ecdsa.signature");
    for (int length = 0; length < signature.length; length++) {
      refuses("ecdsa", new Evidence.Quote(attested, Arrays.copyOf(signature, length), registers()));
    }
    refuses(
        "ecdsa",
        new Evidence.Quote(attested, Arrays.copyOf(signature, signature.length + 1), registers()));
  }

  @Test
  void refusesOneOfAnotherChallenge() throws Exception {
    refuses("ecdsa", quote("ecdsa", registers()), "another nonce", Reason.NOT_FRESH);
  }

  /** The signature holds; the values told beside it are what the attacker would like to have. */
  @Test
  void refusesOtherRegisterValues() throws Exception {
    var approvedOnly = registers();
    approvedOnly.put(7, new byte[32]);

    refuses("ecdsa", quote("ecdsa", approvedOnly), "sallyport tpm nonce", Reason.MALFORMED);
    approvedOnly.remove(7);
    refuses("ecdsa", quote("ecdsa", approvedOnly), "sallyport tpm nonce", Reason.MALFORMED);
  }

  @Test
  void refusesAQuoteThatLeavesOutTheBoot() throws Exception {
    var zero = new TreeMap<>(Map.of(0, HexFormat.of().parseHex(PCR_0)));

    refuses("ecdsa", quote("pcr0-only", zero), "sallyport tpm nonce", Reason.NO_SECURE_BOOT);
  }

  @Test
  void refusesAnotherTpm() throws Exception {
    refuses(
        "rsassa",
        quote("ecdsa", registers()),
        "sallyport tpm nonce",
        Reason.NOT_SIGNED_BY_KNOWN_KEY);
  }

  @Test
  void refusesWhatIsNotApproved() throws Exception {
    var verifier =
        new Verifier(
            List.of(new AttestationKey(EvidenceFormat.TPM2, key("ecdsa"), DEVICE)),
            Set.of(new Measurement("pcr:sha256:0", PCR_0)));

    assertThatThrownBy(
            () -> verifier.affirm(quote("ecdsa", registers()), expected("sallyport tpm nonce")))
        .isInstanceOf(EvidenceRefused.class)
        .hasMessage("not approved: pcr:sha256:7 " + PCR_7);
  }

  private static void refuses(String key, Evidence evidence) throws Exception {
    var verifier = verifier(key);
    var expected = expected("sallyport tpm nonce");
    assertThatThrownBy(() -> verifier.affirm(evidence, expected))
        .isInstanceOf(EvidenceRefused.class);
  }

  private static void refuses(String key, Evidence evidence, String nonce, Reason why)
      throws Exception {
    var verifier = verifier(key);
    var expected = expected(nonce);
    assertThatThrownBy(() -> verifier.affirm(evidence, expected))
        .isInstanceOfSatisfying(
            EvidenceRefused.class, refused -> assertThat(refused.reason()).isEqualTo(why));
  }

  private static Verifier verifier(String key) throws Exception {
    return new Verifier(
        List.of(new AttestationKey(EvidenceFormat.TPM2, key(key), DEVICE)),
        Set.of(new Measurement("pcr:sha256:0", PCR_0), new Measurement("pcr:sha256:7", PCR_7)));
  }

  private static Evidence quote(String name, SortedMap<Integer, byte[]> registers)
      throws Exception {
    return new Evidence.Quote(bytes(name + ".attest"), bytes(name + ".signature"), registers);
  }

  private static SortedMap<Integer, byte[]> registers() {
    return new TreeMap<>(
        Map.of(0, HexFormat.of().parseHex(PCR_0), 7, HexFormat.of().parseHex(PCR_7)));
  }

  private static Expectation expected(String nonceOf) throws Exception {
    var nonce =
        MessageDigest.getInstance("SHA-256").digest(nonceOf.getBytes(StandardCharsets.US_ASCII));
    return new Expectation(
        DEVICE, new PublicKeyHash("00".repeat(32)), Nonce.ofBytes(nonce), Instant.EPOCH);
  }

  private static byte[] changed(byte[] good, int at) {
    var changed = good.clone();
    changed[at] ^= 1;
    return changed;
  }

  private static PublicKey key(String name) throws Exception {
    var der = Pem.decode(new String(bytes(name + ".pem"), StandardCharsets.US_ASCII), "PUBLIC KEY");
    return KeyFactory.getInstance(name.equals("ecdsa") ? "EC" : "RSA")
        .generatePublic(new X509EncodedKeySpec(der));
  }

  private static byte[] bytes(String name) throws Exception {
    try (var stream = QuoteEvidenceTest.class.getResourceAsStream("tpm/" + name)) {
      return stream.readAllBytes();
    }
  }
}
