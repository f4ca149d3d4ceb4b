package io.sallyport.identity.issuance.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityRollover;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.Serials;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The key of a CA that follows, in a token: what becomes of it where the registry says no. */
@Isolated("a PKCS #11 library has one configuration in a process")
class SuccessorInTokenTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path folder;

  @Test
  void onlyAKeyThatTheRegistryDoesNotHoldIsDestroyed() throws Exception {
    var token = new SoftHsm(folder).open();
    var files = new AuthorityFiles(folder.resolve("ca"), token);
    var passphrase = Passphrase.generate();
    var authorities = files.create(passphrase, Serials.random(), NOW);
    try (var keys = files.successorKeys(passphrase)) {
      var maker = new AuthorityRollover(authorities, List.of(), keys, Serials.random());
      var refused = maker.devices(files.root(passphrase), NOW);
      assertThat(refused.key()).isEqualTo("pkcs11:token=test;object=devices-2");
      maker.forget(List.of());
      assertThatThrownBy(() -> token.find("devices-2")).hasMessageContaining("KEY_MISSING");

      // Another process was told yes for a key of the same name, at the same moment.
      var held = maker.devices(files.root(passphrase), NOW);
      maker.forget(List.of(held));
      var kept = token.find("devices-2").getPublic();
      assertThat(held.certificates().values())
          .singleElement()
          .satisfies(one -> assertThat(one.getPublicKey()).isEqualTo(kept));

      authorities.take(AuthorityFiles.line(authorities.line(), List.of(held), keys));
      assertThat(authorities.line().trustedIssuers()).hasSize(2);
      assertThat(token.successor("devices-2")).isEqualTo("devices-3");
    }
  }
}
