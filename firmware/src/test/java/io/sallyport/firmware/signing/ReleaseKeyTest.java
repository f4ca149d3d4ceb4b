package io.sallyport.firmware.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.firmware.manifest.Samples;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.SealBroken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReleaseKeyTest {
  private static final Passphrase SECRET =
      Passphrase.of("a passphrase".getBytes(StandardCharsets.UTF_8));

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(KeyKind.class)
  void comesBackFromItsFile(KeyKind kind) throws Exception {
    var key = ReleaseKey.generate(kind);
    var pem = PublicKeyPem.write(key.publicKey());

    var opened = ReleaseKey.open(key.encrypted(SECRET), PublicKeyPem.read(pem).getFirst(), SECRET);

    assertThat(opened.id()).isEqualTo(key.id());
    assertThat(opened.kind()).isEqualTo(kind);
    assertThat(KeyKind.ofWord(kind.word())).contains(kind);
    var bytes = new byte[] {1, 2, 3};
    assertThat(kind.algorithm().verifies(key.publicKey(), bytes, opened.sign(bytes))).isTrue();
    assertThat(key.toString()).isEqualTo("ReleaseKey[" + key.id() + "]");
  }

  @Test
  void anotherPassphraseOrPublicHalfOpensNothing() {
    var pem = Samples.ALICE.encrypted(SECRET);
    var other = Passphrase.of("another".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> ReleaseKey.open(pem, Samples.ALICE.publicKey(), other))
        .isInstanceOf(SealBroken.class);
    assertThatThrownBy(() -> ReleaseKey.open(pem, Samples.BOB.publicKey(), SECRET))
        .isInstanceOf(SealBroken.class)
        .hasMessageContaining("beside it");
    assertThatThrownBy(() -> ReleaseKey.open(pem, Samples.ALICE_PQ.publicKey(), SECRET))
        .isInstanceOf(SealBroken.class);
  }

  /** Made by one implementation of FIPS 204, verified by another. */
  @Test
  void bouncyCastleVerifiesThePostQuantumSignature() throws Exception {
    var engine = Signature.getInstance("ML-DSA-65", new BouncyCastleProvider());
    engine.initVerify(
        KeyFactory.getInstance("ML-DSA-65", new BouncyCastleProvider())
            .generatePublic(new X509EncodedKeySpec(Samples.ALICE_PQ.publicKey().getEncoded())));
    engine.update(Samples.IMAGE);

    assertThat(engine.verify(Samples.ALICE_PQ.sign(Samples.IMAGE))).isTrue();
  }

  @Test
  void opensslVerifiesTheDetachedSignature() throws Exception {
    var image = Files.write(folder.resolve("image"), Samples.IMAGE);
    var key = folder.resolve("key.pub");
    Files.writeString(key, PublicKeyPem.write(Samples.ALICE.publicKey()));
    var signature = Samples.ALICE.signDetached(new ByteArrayInputStream(Samples.IMAGE));

    assertThat(openssl(key, signature, image)).isZero();
    var changed = signature.clone();
    changed[signature.length - 1] ^= 1;
    assertThat(openssl(key, changed, image)).isNotZero();
    // Of this openssl reads no more than 72 bytes, and would not see it behind the longest.
    var longer = Arrays.copyOf(signature, signature.length + 1);
    assertThat(verifies(Samples.ALICE, signature, Samples.IMAGE)).isTrue();
    assertThat(verifies(Samples.ALICE, longer, Samples.IMAGE)).isFalse();
    assertThat(verifies(Samples.BOB, signature, Samples.IMAGE)).isFalse();
    assertThat(verifies(Samples.ALICE_PQ, signature, Samples.IMAGE)).isFalse();
    assertThat(verifies(Samples.ALICE, signature, new byte[1])).isFalse();
  }

  /** Its length is no constant: whoever waits for 72 bytes refuses half of all. */
  @Test
  void detachedSignaturesHaveSeveralLengths() {
    var lengths =
        Stream.generate(
                () -> {
                  try {
                    return Samples.ALICE.signDetached(new ByteArrayInputStream(Samples.IMAGE));
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                })
            .limit(64)
            .map(signature -> signature.length)
            .distinct()
            .toList();

    assertThat(lengths).hasSizeGreaterThan(1).allMatch(length -> length <= 72);
  }

  @Test
  void onlyAKeyOnP256SignsDetached() {
    assertThatThrownBy(() -> Samples.ALICE_PQ.signDetached(new ByteArrayInputStream(Samples.IMAGE)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static boolean verifies(ReleaseKey key, byte[] signature, byte[] image)
      throws IOException {
    return ReleaseKey.verifyDetached(key.publicKey(), signature, new ByteArrayInputStream(image));
  }

  private int openssl(Path key, byte[] signature, Path image) throws Exception {
    var file = Files.write(folder.resolve("signature"), signature);
    var process =
        new ProcessBuilder(
                List.of(
                    "openssl",
                    "dgst",
                    "-sha256",
                    "-verify",
                    key.toString(),
                    "-signature",
                    file.toString(),
                    image.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
