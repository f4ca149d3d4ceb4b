package io.sallyport.control;

import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.Seal;
import io.sallyport.identity.issuance.Serials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;

/** A seal as an installation has it; deriving one is slow by intention, so it is made once. */
public final class TestSeal {
  private static final AuthorityFiles FILES = files();

  private TestSeal() {}

  /** The same each time, to be closed by whoever asks. */
  public static Seal open() {
    try (var passphrase = passphrase()) {
      return FILES.seal(passphrase, "commands");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static AuthorityFiles files() {
    try (var passphrase = passphrase()) {
      var files = new AuthorityFiles(Files.createTempDirectory("seal").resolve("ca"));
      files.create(passphrase, Serials.random(), Instant.now());
      return files;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Passphrase passphrase() {
    return Passphrase.of("a passphrase".getBytes(StandardCharsets.UTF_8));
  }
}
