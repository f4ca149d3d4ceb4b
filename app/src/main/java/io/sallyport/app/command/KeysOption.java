package io.sallyport.app.command;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.Key;
import io.sallyport.app.configuration.TokenKeys;
import io.sallyport.cli.terminal.Failure;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What {@code --keys} says beside the configuration. */
final class KeysOption {
  private KeysOption() {}

  static Configuration applied(Configuration configuration, @Nullable String keys) {
    return keys == null ? configuration : configuration.with(TokenKeys.HOME, home(keys));
  }

  private static TokenKeys.Home home(String word) {
    return Arrays.stream(TokenKeys.Home.values())
        .filter(home -> Key.word(home).equals(word))
        .findFirst()
        .orElseThrow(() -> Failure.badInput("--keys is file or pkcs11, not '" + word + "'"));
  }
}
