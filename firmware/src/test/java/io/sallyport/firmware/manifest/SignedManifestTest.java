package io.sallyport.firmware.manifest;

import static io.sallyport.firmware.manifest.Samples.ALICE;
import static io.sallyport.firmware.manifest.Samples.ALICE_PQ;
import static io.sallyport.firmware.manifest.Samples.BOB;
import static io.sallyport.firmware.manifest.Samples.MALLORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.firmware.signing.KeyKind;
import io.sallyport.firmware.signing.ReleaseKey;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedManifestTest {
  private static final SignedManifest UNSIGNED = SignedManifest.unsigned(Samples.manifest());
  private static final ReleaseTrust BOTH_KEYS =
      new ReleaseTrust(1, List.of(Samples.signer("alice", ALICE, ALICE_PQ)));
  private static final ReleaseTrust TWO_OF_THREE =
      new ReleaseTrust(
          2,
          List.of(
              Samples.signer("alice", ALICE, ALICE_PQ),
              Samples.signer("bob", BOB),
              Samples.signer("carol", ReleaseKey.generate(KeyKind.ECDSA_P256))));

  @Test
  void isBelievedByWhoTrustsItsSigner() throws Exception {
    var read = SignedManifest.read(ALICE.sign(UNSIGNED).encoded());

    assertThat(Samples.trust().requireSigned(read)).containsExactly(new FirmwareName("alice"));
    assertThat(read.manifest()).isEqualTo(Samples.manifest());
    assertThat(read.keys()).containsExactly(ALICE.id());
  }

  @Test
  void orderOfSigningLeavesNoTrace() {
    var one = BOB.sign(ALICE_PQ.sign(ALICE.sign(UNSIGNED)));
    var other = ALICE.sign(BOB.sign(UNSIGNED));

    assertThat(other.joined(ALICE_PQ.sign(UNSIGNED)).keys()).isEqualTo(one.keys());
    assertThat(one.id()).isEqualTo(other.id()).isEqualTo(UNSIGNED.id());
    assertThat(ALICE.sign(one).keys()).isEqualTo(one.keys());
  }

  @Test
  void nobodysAndMallorysWordIsNone() throws Exception {
    refuses(Samples.trust(), UNSIGNED, Refusal.TOO_FEW_SIGNERS);
    refuses(Samples.trust(), MALLORY.sign(UNSIGNED), Refusal.TOO_FEW_SIGNERS);
    // Who has no say does no harm beside one who has.
    assertThat(Samples.trust().requireSigned(MALLORY.sign(ALICE.sign(UNSIGNED)))).hasSize(1);
  }

  @Test
  void ofTwoKeysBothMustSign() throws Exception {
    refuses(BOTH_KEYS, ALICE.sign(UNSIGNED), Refusal.SIGNATURE_MISSING);
    refuses(BOTH_KEYS, ALICE_PQ.sign(UNSIGNED), Refusal.SIGNATURE_MISSING);
    assertThat(BOTH_KEYS.requireSigned(ALICE_PQ.sign(ALICE.sign(UNSIGNED)))).hasSize(1);
    // A device that knows the ordinary key alone takes the same manifest.
    assertThat(Samples.trust().requireSigned(ALICE_PQ.sign(ALICE.sign(UNSIGNED)))).hasSize(1);
  }

  @Test
  void oneSignerIsNotTwo() throws Exception {
    refuses(TWO_OF_THREE, BOB.sign(BOB.sign(UNSIGNED)), Refusal.TOO_FEW_SIGNERS);
    refuses(TWO_OF_THREE, ALICE_PQ.sign(ALICE.sign(UNSIGNED)), Refusal.TOO_FEW_SIGNERS);
    assertThat(TWO_OF_THREE.requireSigned(BOB.sign(ALICE_PQ.sign(ALICE.sign(UNSIGNED)))))
        .containsExactly(new FirmwareName("alice"), new FirmwareName("bob"));
  }

  @Test
  void anotherManifestsSignatureIsRefused() throws Exception {
    var later = SignedManifest.unsigned(Samples.manifest(8, Samples.manifest().expires()));
    var good = ALICE.sign(UNSIGNED).encoded();
    var stolen = ALICE.sign(later).encoded();
    // The two differ in the counter and in the signature; graft one upon the other.
    var grafted = good.clone();
    System.arraycopy(stolen, stolen.length - 64, grafted, grafted.length - 64, 64);

    refuses(Samples.trust(), SignedManifest.read(grafted), Refusal.BAD_SIGNATURE);
    assertThatThrownBy(() -> ALICE.sign(UNSIGNED).joined(BOB.sign(later)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyChangedByteIsRefused() {
    var good = ALICE.sign(UNSIGNED).encoded();
    for (int place = 0; place < good.length; place++) {
      for (int mask : new int[] {1, 0x20, 0x80}) {
        var bad = good.clone();
        bad[place] ^= (byte) mask;
        assertThatThrownBy(() -> Samples.trust().requireSigned(SignedManifest.read(bad)))
            .as("byte " + place + " with " + mask)
            .isInstanceOf(FirmwareRefused.class);
      }
    }
  }

  @Test
  void everyOtherLengthIsRefused() {
    var good = ALICE.sign(UNSIGNED).encoded();
    for (int length = 0; length < good.length; length++) {
      var cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> SignedManifest.read(cut)).isInstanceOf(FirmwareRefused.class);
    }
    assertThatThrownBy(() -> SignedManifest.read(Arrays.copyOf(good, good.length + 1)))
        .isInstanceOf(FirmwareRefused.class);
    assertThatThrownBy(() -> SignedManifest.read(new byte[SignedManifest.LENGTH_MAX + 1]))
        .isInstanceOfSatisfying(
            FirmwareRefused.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.TOO_LONG));
  }

  @Test
  void signaturesAreBounded() {
    var full = UNSIGNED;
    for (int number = 0; number < SignedManifest.SIGNATURES_MAX; number++) {
      full = ReleaseKey.generate(KeyKind.ECDSA_P256).sign(full);
    }
    var whole = full;

    assertThatThrownBy(() -> ALICE.sign(whole)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> whole.joined(ALICE.sign(UNSIGNED)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keysOfOtherKindsSignNothing() throws Exception {
    var wide = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

    assertThatThrownBy(() -> UNSIGNED.signedBy(wide.getPublic(), _ -> new byte[64]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ReleaseSigner(new FirmwareName("eve"), List.of(wide.getPublic())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void trustThatCannotBeIsRefused() {
    var alice = Samples.signer("alice", ALICE);

    assertThatThrownBy(() -> new ReleaseTrust(1, List.of())).hasMessageContaining("signers");
    assertThatThrownBy(() -> new ReleaseTrust(0, List.of(alice))).hasMessageContaining("0");
    assertThatThrownBy(() -> new ReleaseTrust(2, List.of(alice))).hasMessageContaining("2");
    assertThatThrownBy(() -> new ReleaseTrust(1, List.of(alice, Samples.signer("alice", BOB))))
        .hasMessageContaining("alice");
    assertThatThrownBy(() -> new ReleaseTrust(2, List.of(alice, Samples.signer("alias", ALICE))))
        .hasMessageContaining("another's key");
    assertThatThrownBy(() -> Samples.signer("alice", ALICE, BOB)).hasMessageContaining("two keys");
    assertThatThrownBy(() -> Samples.signer("alice", ALICE_PQ)).hasMessageContaining("P-256");
  }

  private static void refuses(ReleaseTrust trust, SignedManifest signed, Refusal refusal) {
    assertThatThrownBy(() -> trust.requireSigned(signed))
        .isInstanceOfSatisfying(
            FirmwareRefused.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
  }
}
