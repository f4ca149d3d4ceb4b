package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code command key}: the keys that sign commands, and nothing else. */
@Command(
    name = "key",
    description = "Look at, export and rotate the keys that sign commands.",
    footerHeading = "%nExample:%n",
    footer = "  sallyport command key list")
public final class CommandKeyCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String KEYS = "command-keys";

  private final Terminal terminal;

  /** The commands. */
  public CommandKeyCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = "List the keys; they are made the first time.",
      footerHeading = EXAMPLE,
      footer = "  sallyport command key list")
  int list(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      print(format, control.get(KEYS));
    }
    return 0;
  }

  @Command(
      description = {
        "Let the next key sign from now on, and make another to come after it.",
        "",
        "Devices know the key that signs and the next one, so those of the last rotation obey at"
            + " once. The old key signs no more; devices may forget it."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport command key rotate")
  int rotate(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      print(format, control.post(KEYS + "/rotate", Json.mapper().createObjectNode()));
    }
    return 0;
  }

  @Command(
      description = {
        "Print the public keys that a device is to know: the one that signs, and the next.",
        "",
        "PEM, for the device's allow-list."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport command key export > command-keys.pem")
  int export(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var keys = control.get(KEYS);
      if (format.json()) {
        Json.print(terminal, keys.json());
        return 0;
      }
      for (var standing : new String[] {"active", "next"}) {
        keys.objects("keys").stream()
            .filter(key -> key.text("standing").equals(standing))
            // Of several lines, which are no text for people.
            .forEach(key -> terminal.out().println(key.text("publicKey").strip()));
      }
    }
    return 0;
  }

  private void print(Format format, Answer keys) {
    if (format.json()) {
      Json.print(terminal, keys.json());
      return;
    }
    var table = Table.of("ID", "STANDING", "MADE", "SINCE");
    for (var key : keys.objects("keys")) {
      table.row(key.text("id"), key.text("standing"), key.text("madeAt"), key.text("changedAt"));
    }
    table.print(terminal);
  }
}
