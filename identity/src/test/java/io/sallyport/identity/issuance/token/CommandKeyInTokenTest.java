package io.sallyport.identity.issuance.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.cose.CoseAlgorithm;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.EnvelopeKeys;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.SealBroken;
import io.sallyport.identity.issuance.Serials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Keys that sign commands, in a token that they never leave. */
@Isolated("a PKCS #11 library has one configuration in a process")
class CommandKeyInTokenTest {
  private static final byte[] BYTES = "to be signed".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void signsAsOneInMemoryDoesAndNeverLeavesTheToken() throws Exception {
    var hsm = new SoftHsm(folder);
    var token = hsm.open();
    var files = new AuthorityFiles(folder.resolve("ca"), token);
    var passphrase = Passphrase.generate();
    var _ = files.create(passphrase, Serials.random(), Instant.now());
    try (var seal = files.seal(passphrase, "commands")) {
      var first = EnvelopeKeys.make(seal, token);
      var second = EnvelopeKeys.make(seal, token);
      assertThat(first.sealed()).isEqualTo("pkcs11:token=test;object=command-2");
      assertThat(second.sealed()).isEqualTo("pkcs11:token=test;object=command-3");
      var key = EnvelopeKeys.open(seal, token, first.sealed());
      var publicKey = EnvelopeKeys.publicKey(first.publicKeyPem());
      // DER drops leading zeros of r and s, each of them once in 256 signatures.
      for (int i = 0; i < 600; i++) {
        assertThat(CoseAlgorithm.ES256.verifies(publicKey, BYTES, key.sign(BYTES))).isTrue();
      }

      // One that was sealed before goes on beside it.
      var sealed = EnvelopeKeys.make(seal, null);
      var old = EnvelopeKeys.open(seal, token, sealed.sealed());
      assertThat(old.sign(BYTES)).hasSize(64);
      assertThatThrownBy(() -> EnvelopeKeys.open(seal, null, first.sealed()))
          .isInstanceOf(SealBroken.class)
          .hasMessageContaining("pki.keys: pkcs11");

      EnvelopeKeys.forget(second, token);
      EnvelopeKeys.forget(sealed, token);
      assertThatThrownBy(() -> EnvelopeKeys.open(seal, token, second.sealed()))
          .isInstanceOf(IssuanceUnavailable.class)
          .hasMessageContaining("KEY_MISSING");

      hsm.pullOut();
      assertThatThrownBy(() -> key.sign(BYTES)).isInstanceOf(IssuanceUnavailable.class);
    }
  }
}
