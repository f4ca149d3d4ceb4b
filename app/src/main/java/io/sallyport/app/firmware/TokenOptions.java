package io.sallyport.app.firmware;

import io.sallyport.app.installation.Passphrases;
import io.sallyport.app.installation.TokenHome;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.KeyHome;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.token.Token;
import io.sallyport.identity.issuance.token.TokenSettings;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a key in a PKCS #11 token. */
final class TokenOptions {
  @Option(
      names = "--pkcs11",
      paramLabel = "LIBRARY",
      description = "The key is in a token: its maker's PKCS #11 library, by its whole path.")
  private @Nullable Path library;

  @Option(names = "--token", paramLabel = "LABEL", description = "The token's label.")
  private @Nullable String token;

  @Option(names = "--label", paramLabel = "LABEL", description = "The key's label in it.")
  private @Nullable String label;

  @Option(
      names = "--pin-file",
      paramLabel = "FILE",
      description = "The token's PIN (else $$" + TokenHome.VARIABLE + ").")
  private @Nullable Path pinFile;

  boolean given() {
    return library != null || token != null || label != null;
  }

  /** What does something with the key of that label in that token. */
  @FunctionalInterface
  interface Use<T> {
    T of(KeyHome home, String label);
  }

  <T> T use(Machine machine, Use<T> use) {
    if (library == null || token == null || label == null) {
      throw Failure.badInput("a key in a token needs --pkcs11, --token and --label");
    }
    // What is wrong with the PIN's place is bad input, and told before the token is asked.
    pin(machine).close();
    try {
      var settings = new TokenSettings(library, token, Map.of());
      var home = Token.open(settings, () -> pin(machine), machine.clock(), machine.nanos());
      return use.of(home, label);
    } catch (IllegalArgumentException e) {
      throw Failure.badInput(String.valueOf(e.getMessage()));
    } catch (IssuanceUnavailable e) {
      throw Failure.unavailable(String.valueOf(e.getMessage()), e);
    }
  }

  private Passphrase pin(Machine machine) {
    return Passphrases.given(
        pinFile, "--pin-file", machine.environment(), TokenHome.VARIABLE, "the token needs a PIN");
  }
}
