package io.sallyport.control.commands;

import java.time.Duration;

/**
 * What may be set about commands.
 *
 * @param tenant the installation, as every device of it knows it
 * @param lifetime how long a command holds unless its sender says otherwise
 * @param lifetimeMax how long one may hold at most
 */
public record CommandSettings(String tenant, Duration lifetime, Duration lifetimeMax) {
  /** {@code sallyport}, a minute, a week. */
  public static final CommandSettings DEFAULTS =
      new CommandSettings("sallyport", Duration.ofMinutes(1), Duration.ofDays(7));
}
