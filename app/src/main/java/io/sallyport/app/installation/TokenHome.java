package io.sallyport.app.installation;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.Key;
import io.sallyport.app.configuration.TokenKeys;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.KeyHome;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.token.Token;
import io.sallyport.identity.issuance.token.TokenSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The token that the configuration names, logged in with a PIN that stands in no configuration. */
public final class TokenHome {
  /** The environment variable with the PIN. */
  public static final String VARIABLE = "SALLYPORT_PKCS11_PIN";

  private static final String CREDENTIALS = "CREDENTIALS_DIRECTORY";
  private static final String CREDENTIAL = "sallyport-pkcs11-pin";

  private TokenHome() {}

  /** The token; none where keys live in files. */
  public static Optional<Token> of(Configuration configuration, Machine machine) {
    if (configuration.get(TokenKeys.HOME) == TokenKeys.Home.FILE) {
      if (configuration.get(TokenKeys.COMMAND_KEYS)) {
        throw Failure.badInput(
            configuration.place(TokenKeys.COMMAND_KEYS)
                + ": command keys in a token need 'pki.keys: pkcs11' too");
      }
      return Optional.empty();
    }
    return Optional.of(open(configuration, machine, labels(configuration)));
  }

  /** The token that the configuration names, wherever other keys live. */
  static Token open(Configuration configuration, Machine machine, Map<KeyHome.Use, String> labels) {
    var library = required(configuration, TokenKeys.LIBRARY);
    var token = required(configuration, TokenKeys.TOKEN);
    // What is wrong with the PIN's place is bad input now; later it is a trouble that may pass.
    pin(configuration, machine).close();
    try {
      return Token.open(
          new TokenSettings(Path.of(library), token, labels),
          () -> pin(configuration, machine),
          machine.clock(),
          machine.nanos());
    } catch (IllegalArgumentException e) {
      throw Failure.badInput(configuration.place(TokenKeys.LIBRARY) + ": " + e.getMessage());
    } catch (IssuanceUnavailable e) {
      throw Failure.unavailable(String.valueOf(e.getMessage()), e);
    }
  }

  private static Map<KeyHome.Use, String> labels(Configuration configuration) {
    var labels = new EnumMap<KeyHome.Use, String>(KeyHome.Use.class);
    labels.put(KeyHome.Use.DEVICES, configuration.get(TokenKeys.DEVICES));
    labels.put(KeyHome.Use.SERVERS, configuration.get(TokenKeys.SERVERS));
    if (configuration.get(TokenKeys.TLS_KEYS)) {
      labels.put(KeyHome.Use.TLS, configuration.get(TokenKeys.TLS));
      labels.put(KeyHome.Use.TLS_BACKUP, configuration.get(TokenKeys.TLS_BACKUP));
    }
    if (configuration.get(TokenKeys.COMMAND_KEYS)) {
      labels.put(KeyHome.Use.COMMAND, configuration.get(TokenKeys.COMMAND));
    }
    return labels;
  }

  private static String required(Configuration configuration, Key<String> key) {
    var value = configuration.get(key);
    if (value.isEmpty()) {
      throw Failure.badInput("'pki.keys: pkcs11' needs " + key.path() + " too");
    }
    return value;
  }

  private static Passphrase pin(Configuration configuration, Machine machine) {
    var named = configuration.get(TokenKeys.PIN_FILE);
    if (!named.isEmpty()) {
      return Passphrases.read(Path.of(named));
    }
    var given = Passphrases.of(machine.environment(), VARIABLE);
    if (given.isPresent()) {
      return given.get();
    }
    var folder = machine.environment().get(CREDENTIALS);
    if (folder != null && Files.exists(Path.of(folder, CREDENTIAL))) {
      return Passphrases.read(Path.of(folder, CREDENTIAL));
    }
    throw Failure.badInput(
        "the PIN of the token is missing: set pkcs11.pin-file, or "
            + VARIABLE
            + ", or give systemd's credential "
            + CREDENTIAL);
  }
}
