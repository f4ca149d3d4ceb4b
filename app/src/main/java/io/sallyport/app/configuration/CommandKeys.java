package io.sallyport.app.configuration;

import io.sallyport.control.commands.CommandSettings;
import java.time.Duration;
import java.util.List;

/** Keys of signed commands. */
public final class CommandKeys {
  public static final Key<String> TENANT =
      Key.text(
          "commands.tenant",
          "text",
          CommandSettings.DEFAULTS.tenant(),
          "What this installation is called in the signatures of commands; devices must know the"
              + " same.");
  public static final Key<Duration> EXPIRES =
      Key.time(
          "commands.expires",
          "1s",
          "7d",
          "60s",
          "How long a signed command holds unless its sender says otherwise.");
  public static final Key<Duration> EXPIRES_MAX =
      Key.time(
          "commands.expires-max", "1s", "90d", "7d", "How long a signed command may hold at most.");

  static final List<Key<?>> ALL = List.of(TENANT, EXPIRES, EXPIRES_MAX);

  private CommandKeys() {}

  /** What they say. */
  public static CommandSettings settings(Configuration configuration) {
    return new CommandSettings(
        configuration.get(TENANT), configuration.get(EXPIRES), configuration.get(EXPIRES_MAX));
  }
}
