package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRequestProperties {
  private static final PrincipalId ID = new PrincipalId("dev-1");

  @Test
  void everyFlippedBitOfTheDerFormIsRefused() throws Exception {
    for (var good : requests()) {
      for (int bit = 0; bit < good.length * 8; bit++) {
        var bad = good.clone();
        bad[bit / 8] ^= (byte) (1 << (bit % 8));
        assertRefused(bad, "bit " + bit);
      }
    }
  }

  @Test
  void everyTruncationIsRefused() throws Exception {
    for (var good : requests()) {
      for (int length = 0; length < good.length; length++) {
        assertRefused(Arrays.copyOf(good, length), "length " + length);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aChangedPemIsRefusedOrSaysTheSame(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    var good = Pem.encode("CERTIFICATE REQUEST", RequestDraft.p256().der());
    var hash = parse(good).publicKeyHash();
    for (int round = 0; round < 2000; round++) {
      var bad = good.clone();
      bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      try {
        assertThat(parse(bad).publicKeyHash()).isEqualTo(hash);
      } catch (RequestRefused e) {
        assertThat(e.reason()).isNotNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void noiseIsRefused(long seed) {
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 2000; round++) {
      var noise = new byte[random.nextInt(400)];
      random.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = 0x30;
      }
      assertRefused(noise, "seed " + seed + " round " + round);
    }
  }

  @Test
  void deepNestingIsRefused() {
    var indefinite = new byte[CertificateRequest.LENGTH_MAX];
    for (int i = 0; i < indefinite.length; i += 2) {
      indefinite[i] = 0x30;
      indefinite[i + 1] = (byte) 0x80;
    }
    assertRefused(indefinite, "indefinite lengths");
    assertRefused(nested(), "definite lengths");
  }

  /** Sequences in sequences, as deep as the length allows. */
  private static byte[] nested() {
    var bytes = new byte[CertificateRequest.LENGTH_MAX];
    int position = 0;
    while (position + 4 <= bytes.length) {
      int rest = bytes.length - position - 4;
      bytes[position++] = 0x30;
      bytes[position++] = (byte) 0x82;
      bytes[position++] = (byte) (rest >> 8);
      bytes[position++] = (byte) rest;
    }
    return bytes;
  }

  private static byte[][] requests() throws Exception {
    return new byte[][] {
      RequestDraft.p256().der(), RequestDraft.of(RequestDraft.keys("Ed25519", 255), "Ed25519").der()
    };
  }

  private static CertificateRequest parse(byte[] encoded) throws RequestRefused {
    return CertificateRequest.parse(encoded, PrincipalKind.DEVICE, ID);
  }

  private static void assertRefused(byte[] encoded, String what) {
    assertThatThrownBy(() -> parse(encoded)).as(what).isInstanceOf(RequestRefused.class);
  }
}
