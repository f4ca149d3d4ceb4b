package io.sallyport.identity.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.upokecenter.cbor.CBORObject;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.attestation.EvidenceRefused.Reason;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of PSA and EAT: what convinces, and every way in which one must not. */
class TokenEvidenceTest {
  // RFC 9783, appendix A.1, and the key that is printed there.
  private static final String STANDARD =
      "d28443a10126a058faa819010058210102020202020202020202020202020202020202020202020202020202"
          + "0202020219095c582000000000000000000000000000000000000000000000000000000000000000000a5820"
          + "010101010101010101010101010101010101010101010101010101010101010119095a1a7fffffff19095b19"
          + "300019010978217461673a7073616365727469666965642e6f72672c323032333a7073612374666d19095d48"
          + "000000000000000019095f81a205582004040404040404040404040404040404040404040404040404040404"
          + "04040404025820030303030303030303030303030303030303030303030303030303030303030358402f4c81"
          + "52ed1691833eebb6a182d2120e3d19220df85b9ac51109113a423fa024205ceda0815968548de4fbb6dc94b8"
          + "8c916f0d266e64cea24183a84f977de475";
  private static final String X = "Tl4iCZ47zrRbRG0TVf0dw7VFlHtv18HInYhnmMNybo8";
  private static final String Y = "gNcLhAslaqw0pi7eEEM2TwRAlfADR0uR4Bggkq-xPy4";

  private static final PrincipalId DEVICE = new PrincipalId("pump-1");
  private static final PublicKeyHash TLS_KEY = new PublicKeyHash("ab".repeat(32));
  private static final byte[] NONCE = Nonce.of(new byte[32], TLS_KEY).bytes();
  private static final Measurement BOOTLOADER = new Measurement("BL", "0102");
  private static KeyPair key;

  @BeforeAll
  static void makeKey() throws Exception {
    key = Tokens.p256();
  }

  @Test
  void affirmsTheExampleOfTheStandard() throws Exception {
    var nonce = new byte[32];
    Arrays.fill(nonce, (byte) 1);
    var verifier =
        new Verifier(
            List.of(new AttestationKey(EvidenceFormat.PSA, standardKey(), DEVICE)),
            Set.of(new Measurement("", "03".repeat(32))));

    var claims =
        verifier.affirm(
            new Evidence.Token(EvidenceFormat.PSA, HexFormat.of().parseHex(STANDARD)),
            new Expectation(DEVICE, TLS_KEY, Nonce.ofBytes(nonce), Instant.EPOCH));

    assertThat(claims.facts())
        .containsEntry("lifecycle", "0x3000")
        .containsEntry("instanceId", "01" + "02".repeat(32));
  }

  @Test
  void affirmsWhatIsApproved() throws Exception {
    var claims = affirm(Tokens.psa(NONCE));

    assertThat(claims.measurements()).containsExactly(BOOTLOADER);
    assertThat(claims.facts()).containsEntry("version:BL", "1.4.2");
    assertThat(affirm(Tokens.oldPsa(NONCE)).measurements()).containsExactly(BOOTLOADER);
  }

  @Test
  void affirmsAVersionWhereNothingIsMeasured() throws Exception {
    var verifier = verifier(EvidenceFormat.EAT, new Measurement("pump", "version:1.4.2"));

    assertThat(verifier.affirm(eat(Tokens.eat(NONCE)), expected()).facts())
        .containsEntry("version:pump", "1.4.2");
    refusesEat(Tokens.eat(NONCE).Set(263, 0), Reason.NOT_SECURED);
    refusesEat(Tokens.eat(NONCE).Set(263, 5), Reason.NOT_SECURED);
    refusesEat(Tokens.eat(NONCE).Set(262, false), Reason.NO_SECURE_BOOT);
    refusesEat(
        Tokens.eat(NONCE).Set(271, CBORObject.NewArray().Add("1.4.3")), Reason.MEASUREMENT_UNKNOWN);
    refusesEat(Tokens.eat(new byte[32]), Reason.NOT_FRESH);
  }

  /** Two nonces of our length: one of them is another verifier's, or an attacker's. */
  @Test
  void severalNoncesMustLeaveNoDoubt() throws Exception {
    var verifier = verifier(EvidenceFormat.EAT, new Measurement("pump", "version:1.4.2"));
    var others = CBORObject.NewArray().Add(new byte[8]).Add(NONCE);

    assertThat(verifier.affirm(eat(Tokens.eat(NONCE).Set(10, others)), expected())).isNotNull();
    refusesEat(Tokens.eat(NONCE).Set(10, others.Add(new byte[32])), Reason.MALFORMED);
  }

  @Test
  void refusesAReplayedToken() {
    refuses(Tokens.psa(new byte[32]), Reason.NOT_FRESH);
  }

  /** The challenge is the right one; the token was made for somebody else's key. */
  @Test
  void refusesATokenRelayedForAnotherKey() {
    var other = Nonce.of(new byte[32], new PublicKeyHash("cd".repeat(32))).bytes();

    refuses(Tokens.psa(other), Reason.NOT_FRESH);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x0000, 0x1000, 0x2000, 0x2fff, 0x3100, 0x4000, 0x5000, 0x6000, 0x13000, -1})
  void refusesALifeCycleThatIsNotSecured(int lifecycle) {
    refuses(Tokens.psa(NONCE).Set(2395, lifecycle), Reason.NOT_SECURED);
  }

  @Test
  void refusesWhatIsNotApproved() {
    var component = Tokens.psa(NONCE);
    component.get(CBORObject.FromObject(2399)).get(0).Set(2, new byte[] {1, 3});

    refuses(component, Reason.MEASUREMENT_UNKNOWN);
  }

  @Test
  void refusesOneThatMeasuredNothing() {
    var none = Tokens.psa(NONCE);
    none.Remove(CBORObject.FromObject(2399));

    refuses(none, Reason.NOTHING_MEASURED);
  }

  @Test
  void refusesAnotherDevicesKey() throws Exception {
    var other = new PrincipalId("pump-2");
    var verifier =
        new Verifier(
            List.of(new AttestationKey(EvidenceFormat.PSA, key.getPublic(), other)),
            Set.of(BOOTLOADER));

    refuses(verifier, psa(Tokens.psa(NONCE)), Reason.NOT_SIGNED_BY_KNOWN_KEY);
  }

  /** A key that may sign one kind of evidence must not sign another, laxer one. */
  @Test
  void refusesAnEatByAPsaKey() throws Exception {
    refuses(
        verifier(EvidenceFormat.PSA, new Measurement("pump", "version:1.4.2")),
        eat(Tokens.eat(NONCE)),
        Reason.NOT_SIGNED_BY_KNOWN_KEY);
  }

  @Test
  void refusesEveryChangedByte() throws Exception {
    var good = Tokens.signed(Tokens.psa(NONCE), key);
    var verifier = verifier(EvidenceFormat.PSA, BOOTLOADER);
    for (int at = 0; at < good.length; at++) {
      var changed = good.clone();
      changed[at] ^= 1;
      var evidence = new Evidence.Token(EvidenceFormat.PSA, changed);
      assertThatThrownBy(() -> verifier.affirm(evidence, expected()))
          .as("byte %s", at)
          .isInstanceOf(EvidenceRefused.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 256, 265, 2395, 2396})
  void refusesATokenThatLacksAClaim(int label) {
    var claims = Tokens.psa(NONCE);
    claims.Remove(CBORObject.FromObject(label));

    refuses(claims, Reason.MALFORMED);
  }

  private static Claims affirm(CBORObject claims) throws Exception {
    return verifier(EvidenceFormat.PSA, BOOTLOADER).affirm(psa(claims), expected());
  }

  private static void refuses(CBORObject claims, Reason why) {
    assertThatThrownBy(() -> affirm(claims))
        .isInstanceOfSatisfying(
            EvidenceRefused.class, refused -> assertThat(refused.reason()).isEqualTo(why));
  }

  private static void refusesEat(CBORObject claims, Reason why) throws Exception {
    refuses(
        verifier(EvidenceFormat.EAT, new Measurement("pump", "version:1.4.2")), eat(claims), why);
  }

  private static void refuses(Verifier verifier, Evidence evidence, Reason why) {
    assertThatThrownBy(() -> verifier.affirm(evidence, expected()))
        .isInstanceOfSatisfying(
            EvidenceRefused.class, refused -> assertThat(refused.reason()).isEqualTo(why));
  }

  private static Verifier verifier(EvidenceFormat format, Measurement approved) {
    return new Verifier(
        List.of(new AttestationKey(format, key.getPublic(), DEVICE)), Set.of(approved));
  }

  private static Evidence psa(CBORObject claims) throws Exception {
    return new Evidence.Token(EvidenceFormat.PSA, Tokens.signed(claims, key));
  }

  private static Evidence eat(CBORObject claims) throws Exception {
    return new Evidence.Token(EvidenceFormat.EAT, Tokens.signed(claims, key));
  }

  private static Expectation expected() {
    return new Expectation(DEVICE, TLS_KEY, Nonce.ofBytes(NONCE), Instant.EPOCH);
  }

  private static PublicKey standardKey() throws Exception {
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    var decoder = Base64.getUrlDecoder();
    var point =
        new ECPoint(new BigInteger(1, decoder.decode(X)), new BigInteger(1, decoder.decode(Y)));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
  }
}
