package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.Pem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.SplittableRandom;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptedKeyPemTest {
  private static final PrivateKey KEY = KeyPairs.p384().getPrivate();
  private static final String WORDS = "correct horse";
  private static final Passphrase PASSPHRASE =
      Passphrase.of(WORDS.getBytes(StandardCharsets.UTF_8));
  private static final String EXPORTED = EncryptedKeyPem.write(KEY, PASSPHRASE);

  @TempDir private Path directory;

  @Test
  void opensslReadsWhatIsExported() throws Exception {
    Files.writeString(directory.resolve("root.pem"), EXPORTED);
    var answer =
        Openssl.run(
            directory,
            "pkey",
            "-in",
            "root.pem",
            "-passin",
            "pass:" + WORDS,
            "-outform",
            "DER",
            "-out",
            "root.der");
    assertThat(answer.exit()).as(answer.text()).isZero();
    assertThat(EncryptedKeyPem.read(EXPORTED, PASSPHRASE)).isEqualTo(KEY);
  }

  @Test
  void readsWhatOpensslEncrypts() throws Exception {
    Files.write(directory.resolve("k.pem"), Pem.encode("PRIVATE KEY", KEY.getEncoded()));
    var answer =
        Openssl.run(
            directory,
            "pkcs8",
            "-topk8",
            "-in",
            "k.pem",
            "-passout",
            "pass:" + WORDS,
            "-out",
            "e.pem");
    assertThat(answer.exit()).as(answer.text()).isZero();
    assertThat(EncryptedKeyPem.read(Files.readString(directory.resolve("e.pem")), PASSPHRASE))
        .isEqualTo(KEY);
  }

  @Test
  void refusesOtherText() {
    for (var text : new String[] {"", "hello", pem(new byte[] {0x30, 0}), pem(new byte[] {1})}) {
      assertThatThrownBy(() -> EncryptedKeyPem.read(text, PASSPHRASE))
          .isInstanceOf(SealBroken.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000_001, Integer.MAX_VALUE, 0, -1})
  void refusesToSpendMoreThanItsBound(int iterations) throws Exception {
    var derivation = new PBKDF2Params(new byte[16], iterations);
    var greedy =
        encrypted(
            new AlgorithmIdentifier(
                PKCSObjectIdentifiers.id_PBES2,
                new PBES2Parameters(
                    new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, derivation),
                    new EncryptionScheme(PKCSObjectIdentifiers.des_EDE3_CBC))));
    assertThatThrownBy(() -> EncryptedKeyPem.read(greedy, PASSPHRASE))
        .isInstanceOf(SealBroken.class);
  }

  @Test
  void refusesOldEncryption() throws Exception {
    var old = encrypted(new AlgorithmIdentifier(PKCSObjectIdentifiers.pbeWithMD5AndDES_CBC));
    assertThatThrownBy(() -> EncryptedKeyPem.read(old, PASSPHRASE))
        .isInstanceOf(SealBroken.class)
        .hasMessageContaining("PBES2");
    var derivation = new KeyDerivationFunc(PKCSObjectIdentifiers.id_hmacWithSHA1, null);
    var other =
        encrypted(
            new AlgorithmIdentifier(
                PKCSObjectIdentifiers.id_PBES2,
                new PBES2Parameters(
                    derivation, new EncryptionScheme(PKCSObjectIdentifiers.des_EDE3_CBC))));
    assertThatThrownBy(() -> EncryptedKeyPem.read(other, PASSPHRASE))
        .isInstanceOf(SealBroken.class)
        .hasMessageContaining("PBKDF2");
  }

  @ParameterizedTest
  @ValueSource(longs = {1})
  void aChangedFileIsRefusedOrIsNotTheKey(long seed) {
    var random = new SplittableRandom(seed);
    var good = EXPORTED.getBytes(StandardCharsets.US_ASCII);
    for (int round = 0; round < 4; round++) {
      var bad = good.clone();
      bad[40 + random.nextInt(bad.length - 80)] ^= 1;
      try {
        // CBC has no seal: that the key is the root's is checked against its certificate.
        EncryptedKeyPem.read(new String(bad, StandardCharsets.US_ASCII), PASSPHRASE);
      } catch (SealBroken e) {
        assertThat(e).hasMessageNotContaining(WORDS);
      }
    }
  }

  private static String encrypted(AlgorithmIdentifier algorithm) throws Exception {
    return pem(new EncryptedPrivateKeyInfo(algorithm, new byte[64]).getEncoded());
  }

  private static String pem(byte[] der) {
    return new String(Pem.encode("ENCRYPTED PRIVATE KEY", der), StandardCharsets.US_ASCII);
  }
}
