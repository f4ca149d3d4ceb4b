package io.sallyport.identity.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.issuance.KeyPairs;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of every flawed generator are known, and keys of a good one are not. */
class WeakKeysTest {
  private static final BadKeys BAD = new BadKeys(new SplittableRandom(20_171_536L));

  private static final String MODULUS =
      "A763C8E5DDC0D8594C202F1284D1BADDC364E86325DB77D143E4B70B2AF50CC3"
          + "1066EF99E5E1CCEA1C3FB8BB49879757F59823448E9C9580BA163B20AC9B338B"
          + "C047ED248E004F3D6AE36EF343D7DB458EFCE3E6449D13FA0B44800BD330BF80"
          + "9013D92654E9D2C2FBFD2781B838776365E426A54798080995B3D2E6EADC3A05";
  private static final String ENTRY = "37476917f26733c7f4d7";

  @Test
  void knowsKeysOfInfineonsGenerator() {
    var modulus = BAD.rocaPrime().multiply(BAD.rocaPrime());

    assertThat(WeakKeys.of(BadKeys.key(modulus))).containsExactly(KeyWeakness.ROCA);
  }

  @Test
  void oneRocaPrimeIsNotTheFingerprint() {
    var modulus = BAD.rocaPrime().multiply(BAD.prime(1024));

    assertThat(WeakKeys.of(BadKeys.key(modulus))).isEmpty();
  }

  @Test
  void findsPrimesThatAreTooClose() {
    var first = BAD.prime(1024);
    var second = first.nextProbablePrime().nextProbablePrime();

    assertThat(WeakKeys.of(BadKeys.key(first.multiply(second))))
        .containsExactly(KeyWeakness.CLOSE_PRIMES);
  }

  /** A distance of d takes about d²/8p steps: with half of the bits and some more, too many. */
  @Test
  void leavesPrimesThatTheStepsDoNotReach() {
    var first = BAD.prime(1024);
    var near = first.add(first.sqrt().shiftLeft(3)).nextProbablePrime();
    var far = first.add(first.sqrt().shiftLeft(10)).nextProbablePrime();

    assertThat(Fermat.of(first.multiply(near))).isEqualTo(Fermat.Distance.CLOSE);
    assertThat(Fermat.of(first.multiply(far))).isEqualTo(Fermat.Distance.FAR);
  }

  @Test
  void refusesAPrimeAndASquare() {
    var prime = BAD.prime(2048);

    assertThat(WeakKeys.of(BadKeys.key(prime))).containsExactly(KeyWeakness.NO_TWO_PRIMES);
    var half = BAD.prime(1024);
    assertThat(WeakKeys.of(BadKeys.key(half.multiply(half))))
        .containsExactly(KeyWeakness.NO_TWO_PRIMES);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 101, 65_521})
  void findsEverySmallFactor(int factor) {
    var modulus = BAD.prime(2030).multiply(BigInteger.valueOf(factor));

    assertThat(WeakKeys.of(BadKeys.key(modulus))).contains(KeyWeakness.SMALL_FACTOR);
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 65_536, 65_539 - 1, 17})
  void knowsExponentsOutsideOfTheStandard(long exponent) {
    var modulus = BAD.prime(1024).multiply(BAD.prime(1024));

    assertThat(WeakKeys.of(BadKeys.key(modulus, BigInteger.valueOf(exponent))))
        .containsExactly(KeyWeakness.EXPONENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1"})
  void findsPrivateKeysThatCountingFinds(String curve) throws GeneralSecurityException {
    var order = ECNamedCurveTable.getByName(curve).getN();
    for (var scalar : new int[] {1, 2, 1000, TrivialScalars.SCALARS}) {
      var small = BigInteger.valueOf(scalar);
      assertThat(WeakKeys.of(point(curve, small))).containsExactly(KeyWeakness.TRIVIAL_SCALAR);
      assertThat(WeakKeys.of(point(curve, order.subtract(small))))
          .containsExactly(KeyWeakness.TRIVIAL_SCALAR);
    }
    assertThat(WeakKeys.of(point(curve, BigInteger.valueOf(2 * TrivialScalars.SCALARS)))).isEmpty();
  }

  /** A key off its curve, and one whose coordinate is no element of the field. */
  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1"})
  void knowsKeysThatAreNoPointOfTheirCurve(String curve) throws GeneralSecurityException {
    var generator = ECNamedCurveTable.getByName(curve).getG();
    var x = generator.getAffineXCoord().toBigInteger();
    var y = generator.getAffineYCoord().toBigInteger();
    var field = generator.getCurve().getField().getCharacteristic();

    assertThat(WeakKeys.of(key(curve, x, y.add(BigInteger.ONE))))
        .containsExactly(KeyWeakness.NO_POINT);
    assertThat(WeakKeys.of(key(curve, field, y))).containsExactly(KeyWeakness.NO_POINT);
  }

  @Test
  void findsNothingInKeysOfTheJdk() throws GeneralSecurityException {
    var rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    assertThat(WeakKeys.of(rsa.generateKeyPair().getPublic())).isEmpty();
    assertThat(WeakKeys.of(KeyPairs.p256().getPublic())).isEmpty();
    assertThat(WeakKeys.of(KeyPairs.p384().getPublic())).isEmpty();
    assertThat(WeakKeys.of(KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic()))
        .isEmpty();
  }

  /** The entry was printed by {@code openssl rsa -modulus | sha1sum}. */
  @Test
  void readsTheListOfOpensslBlacklist() throws Exception {
    var key = BadKeys.key(new BigInteger(MODULUS, 16));
    var list = CompromisedKeys.parse(Stream.of("# comment", "", ENTRY, "00000000000000000000"));

    assertThat(list.size()).isEqualTo(2);
    assertThat(list.contains(key)).isTrue();
    assertThat(list.contains(BadKeys.key(key.getModulus().add(BigInteger.TWO)))).isFalse();
    assertThat(CompromisedKeys.NONE.contains(key)).isFalse();
    assertThat(list.contains(KeyPairs.p256().getPublic())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0011", "0000000000000000000g", "ABCDEF00000000000000", "x"})
  void refusesAListInAnotherFormat(String line) {
    assertThatThrownBy(() -> CompromisedKeys.parse(Stream.of("# comment", line)))
        .isInstanceOf(CompromisedKeys.Malformed.class)
        .hasMessageContaining("line 2");
  }

  private static PublicKey point(String curve, BigInteger scalar) throws GeneralSecurityException {
    var point = ECNamedCurveTable.getByName(curve).getG().multiply(scalar).normalize();
    return key(
        curve, point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
  }

  private static PublicKey key(String curve, BigInteger x, BigInteger y)
      throws GeneralSecurityException {
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(
                new ECPoint(x, y), parameters.getParameterSpec(ECParameterSpec.class)));
  }
}
