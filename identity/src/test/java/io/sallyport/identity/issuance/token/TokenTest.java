package io.sallyport.identity.issuance.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.Passphrase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Signature;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys in a token, pulled out and put back as a person would. */
@Isolated("a PKCS #11 library has one configuration in a process")
class TokenTest {
  private static final byte[] TEXT = "text".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path folder;
  private SoftHsm hsm;

  @BeforeEach
  void makesAToken() throws Exception {
    hsm = new SoftHsm(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "secp256r1, SHA256withECDSA",
    "secp256r1, SHA384withECDSA",
    "secp384r1, SHA256withECDSA",
    "secp384r1, SHA384withECDSA"
  })
  void signsWithoutShowingTheKey(String curve, String algorithm) throws Exception {
    var pair = hsm.open().generate("k", curve);

    assertThat(signs(pair, algorithm)).isTrue();
    assertThat(pair.getPrivate().getEncoded()).isNull();
    assertThat(pair.getPrivate().toString()).isEqualTo("TokenKey[k]");
  }

  /** The attributes, as another program sees them. */
  @Test
  void makesKeysThatCanNeverBeTakenOut() throws Exception {
    hsm.open().generate("k", "secp256r1");

    var seen =
        hsm.run(
            "pkcs11-tool",
            "--module",
            hsm.library.toString(),
            "--login",
            "--pin",
            SoftHsm.PIN,
            "--list-objects",
            "--type",
            "privkey");
    assertThat(seen)
        .contains("label:      k")
        .contains("sensitive, always sensitive, never extractable, local");
  }

  @Test
  void findsWhatItMadeInALaterLogin() throws Exception {
    var made = hsm.open().generate("k", "secp256r1");
    var found = hsm.open().find("k");

    assertThat(found.getPublic()).isEqualTo(made.getPublic());
    assertThat(signs(found, "SHA256withECDSA")).isTrue();
  }

  @Test
  void overwritesNoKey() {
    var token = hsm.open();
    token.generate("k", "secp256r1");

    assertThatThrownBy(() -> token.generate("k", "secp256r1")).hasMessageContaining("KEY_EXISTS");
    assertThat(token.successor("k")).isEqualTo("k-2");
    assertThatThrownBy(() -> token.find("other")).hasMessageContaining("KEY_MISSING");
  }

  @Test
  void destroysAKeyForGood() {
    var token = hsm.open();
    token.generate("k", "secp256r1");
    token.destroy("k");

    assertThatThrownBy(() -> token.find("k")).hasMessageContaining("KEY_MISSING");
  }

  /** Pulled out, refused at once; put back, found again by itself. */
  @Test
  void comesBackAfterItWasPulledOut() throws Exception {
    var token = hsm.open();
    var heard = new ArrayList<String>();
    token.tell(
        new TokenWatch() {
          @Override
          public void lost(TokenTrouble trouble, String detail) {
            heard.add("lost " + trouble);
          }

          @Override
          public void back() {
            heard.add("back");
          }
        });
    var pair = token.generate("k", "secp256r1");
    assertThat(signs(pair, "SHA256withECDSA")).isTrue();

    hsm.pullOut();
    assertThatThrownBy(() -> signs(pair, "SHA256withECDSA"))
        .isInstanceOf(IssuanceUnavailable.class)
        .hasMessageContaining("ABSENT");
    assertThat(token.status().trouble()).isEqualTo(TokenTrouble.ABSENT);

    hsm.putBack();
    // Bound: it is not tried again before the pause is over.
    assertThatThrownBy(() -> signs(pair, "SHA256withECDSA")).hasMessageContaining("ABSENT");
    hsm.nanos.addAndGet(1_000_000_000L);
    assertThat(signs(pair, "SHA256withECDSA")).isTrue();
    assertThat(token.status().isUsable()).isTrue();
    assertThat(token.status().returns()).isEqualTo(1);
    assertThat(heard.getLast()).isEqualTo("back");

    for (int round = 0; round < 3; round++) {
      hsm.pullOut();
      assertThatThrownBy(() -> signs(pair, "SHA256withECDSA")).hasMessageContaining("ABSENT");
      hsm.putBack();
      hsm.nanos.addAndGet(60_000_000_000L);
      token.look();
      System.gc();
      assertThat(signs(pair, "SHA256withECDSA")).isTrue();
    }
  }

  /** Three wrong PINs lock many tokens for good: one is given, and no second. */
  @Test
  void givesAWrongPinOnce() throws Exception {
    var asked = new AtomicInteger();
    var pins = new ArrayList<>(List.of(SoftHsm.PIN));
    var token =
        Token.open(
            hsm.settings("test"),
            () -> {
              asked.incrementAndGet();
              return SoftHsm.secret(pins.getFirst());
            },
            InstantSource.system(),
            hsm.nanos::get);
    var pair = token.generate("k", "secp256r1");
    asked.set(0);
    pins.set(0, "0000");
    hsm.pullOut();
    assertThatThrownBy(() -> signs(pair, "SHA256withECDSA")).hasMessageContaining("ABSENT");
    hsm.putBack();
    asked.set(0);

    for (int round = 0; round < 5; round++) {
      hsm.nanos.addAndGet(60_000_000_000L);
      token.look();
      assertThatThrownBy(() -> signs(pair, "SHA256withECDSA")).hasMessageContaining("PIN_REFUSED");
    }
    assertThat(asked).hasValue(1);
    // It is not locked: the right PIN still opens it.
    assertThat(signs(hsm.open().find("k"), "SHA256withECDSA")).isTrue();
  }

  /** Its file is away for as long as the token is, and back later: so are the signatures. */
  @Test
  void comesBackWhenThePinDoes() throws Exception {
    var there = new AtomicBoolean(true);
    var token =
        Token.open(
            hsm.settings("test"),
            () -> {
              if (!there.get()) {
                throw new IllegalStateException("there is no passphrase file pin");
              }
              return SoftHsm.secret(SoftHsm.PIN);
            },
            InstantSource.system(),
            hsm.nanos::get);
    var pair = token.generate("k", "secp256r1");
    there.set(false);
    hsm.pullOut();
    assertThatThrownBy(() -> signs(pair, "SHA256withECDSA"))
        .isInstanceOf(IssuanceUnavailable.class);
    hsm.putBack();
    hsm.nanos.addAndGet(60_000_000_000L);

    // What looks again and again is not ended by it.
    token.look();
    assertThat(token.status().trouble()).isEqualTo(TokenTrouble.PIN_UNREADABLE);
    assertThatThrownBy(() -> signs(pair, "SHA256withECDSA"))
        .isInstanceOf(IssuanceUnavailable.class)
        .hasMessageContaining("PIN_UNREADABLE: there is no passphrase file pin");

    there.set(true);
    hsm.nanos.addAndGet(60_000_000_000L);
    token.look();
    assertThat(signs(pair, "SHA256withECDSA")).isTrue();
  }

  @Test
  void saysWhatIsWrongAtTheStart() {
    assertThatThrownBy(() -> hsm.open("0000")).hasMessageContaining("PIN_REFUSED");
    assertThatThrownBy(
            () ->
                Token.open(
                    hsm.settings("another"),
                    () -> SoftHsm.secret(SoftHsm.PIN),
                    InstantSource.system(),
                    hsm.nanos::get))
        .hasMessageContaining("ABSENT");
    assertThatThrownBy(() -> open(Path.of("/etc/hostname"))).hasMessageContaining("BROKEN");
    assertThatThrownBy(() -> open(Path.of("libsofthsm2.so"))).hasMessageContaining("absolute");
  }

  private static Token open(Path library) {
    return Token.open(
        new TokenSettings(library, "test", java.util.Map.of()),
        () -> Passphrase.of(TEXT),
        InstantSource.system(),
        () -> 0);
  }

  private static boolean signs(KeyPair pair, String algorithm) throws Exception {
    var signer = Signature.getInstance(algorithm);
    signer.initSign(pair.getPrivate());
    signer.update(TEXT);
    var signature = signer.sign();
    var verifier = Signature.getInstance(algorithm);
    verifier.initVerify(pair.getPublic());
    verifier.update(TEXT);
    return verifier.verify(signature);
  }
}
