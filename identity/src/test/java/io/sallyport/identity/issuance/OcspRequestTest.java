package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OcspRequestTest {
  private static final X509Certificate ISSUER =
      Authorities.create(Serials.random(), Instant.parse("2026-11-22T10:00:00Z"))
          .devices()
          .certificate();

  @Test
  void readsOneOfEachHash() throws Exception {
    assertThat(OcspRequest.parse(one().der()).repeatable()).isPresent();
    var sha256 = new StatusQuestion().sha256().about(ISSUER, BigInteger.TEN);
    assertThat(OcspRequest.parse(sha256.der()).repeatable())
        .isPresent()
        .isNotEqualTo(OcspRequest.parse(one().der()).repeatable());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 32, 128})
  void takesNoncesOfTheBoundsAndAnswersNobodyElseWithTheSame(int bytes) throws Exception {
    assertThat(OcspRequest.parse(one().nonce(bytes).der()).repeatable()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 129, 1000})
  void refusesNoncesBeyondTheBounds(int bytes) {
    assertRefused(one().nonce(bytes).der());
  }

  @Test
  void refusesANonceThatIsNoOctetString() {
    var nonce = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.48.1.2");

    assertRefused(one().extension(nonce, false, new byte[] {5, 0}).der());
    assertRefused(one().extension(nonce, false, new byte[0]).der());
  }

  @Test
  void refusesWhatIsCriticalAndNotKnownAndPassesOverWhatIsNot() throws Exception {
    var other = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.48.1.4");

    assertRefused(one().extension(other, true, new byte[] {5, 0}).der());
    assertThat(OcspRequest.parse(one().extension(other, false, new byte[] {5, 0}).der()).size())
        .isOne();
  }

  @Test
  void takesAsManyAsTheBoundAndNoMore() throws Exception {
    assertThat(OcspRequest.parse(several(OcspRequest.CERTIFICATES_MAX)).size())
        .isEqualTo(OcspRequest.CERTIFICATES_MAX);
    assertRefused(several(OcspRequest.CERTIFICATES_MAX + 1));
    assertRefused(new StatusQuestion().der());
  }

  @Test
  void refusesWhatIsLongerThanTheBoundOrEmptyOrFollowedByMore() {
    var good = one().der();

    assertRefused(new byte[0]);
    assertRefused(Arrays.copyOf(good, OcspRequest.BYTES_MAX + 1));
    assertRefused(Arrays.copyOf(good, good.length + 1));
  }

  /** BER with a length that is not the shortest: the same content, other bytes. */
  @Test
  void refusesWhatIsNotDer() {
    var good = one().der();
    var bad = new byte[good.length + 1];
    bad[0] = good[0];
    bad[1] = (byte) 0x81;
    System.arraycopy(good, 1, bad, 2, good.length - 1);

    assertRefused(bad);
  }

  @Test
  void everyTruncationIsRefused() {
    var good = one().nonce(16).der();
    for (int length = 0; length < good.length; length++) {
      assertRefused(Arrays.copyOf(good, length));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void changedBytesAreReadOrRefusedAndNothingElse(long seed) {
    var random = new SplittableRandom(seed);
    var responder =
        new OcspResponder(
            Authorities.create(Serials.random(), Instant.now()).devices(), Serials.random());
    for (int round = 0; round < 3_000; round++) {
      var bad = (random.nextBoolean() ? one() : one().nonce(8)).der();
      for (int change = 0; change <= random.nextInt(3); change++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        var read = OcspRequest.parse(bad);
        // Whatever was read can be answered: nothing is left to break later.
        assertThat(responder.concerns(read)).isFalse();
        assertThat(responder.serials(read)).isEmpty();
      } catch (MalformedOcspRequest e) {
        assertThat(e).hasMessageContaining("");
      }
    }
  }

  private static StatusQuestion one() {
    return new StatusQuestion().about(ISSUER, BigInteger.TEN);
  }

  private static byte[] several(int count) {
    var question = new StatusQuestion();
    for (int number = 1; number <= count; number++) {
      question.about(ISSUER, BigInteger.valueOf(number));
    }
    return question.der();
  }

  private static void assertRefused(byte[] der) {
    assertThatThrownBy(() -> OcspRequest.parse(der)).isInstanceOf(MalformedOcspRequest.class);
  }
}
