package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gateway bans}: who failed too often. */
@Command(
    name = "bans",
    description = "See, end and export the bans of sources that failed too often.",
    footerHeading = "%nExample:%n",
    footer = "  sallyport gateway bans list")
public final class BanCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String BANS = "gateway/bans";

  private final Terminal terminal;

  /** The commands. */
  public BanCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = "List every ban there is now.",
      footerHeading = EXAMPLE,
      footer = "  sallyport gateway bans list")
  int list(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      print(control.get(BANS), format);
    }
    return 0;
  }

  @Command(
      description = "End bans, of one source or of all, and forget the failures before them.",
      footerHeading = EXAMPLE,
      footer = "  sallyport gateway bans clear --source 192.0.2.7")
  int clear(
      @Option(
              names = "--source",
              paramLabel = "ADDRESS",
              description = "An address, or a block such as 192.0.2.0/24; default: all.")
          @Nullable String source,
      @Mixin Format format,
      @Mixin Connection connection) {
    var body = Json.mapper().createObjectNode();
    if (source != null) {
      body.put("source", source);
    }
    try (var control = connection.open()) {
      var answer = control.post(BANS + "/clear", body);
      if (format.json()) {
        Json.print(terminal, answer.json());
      } else {
        terminal.line("ended bans: " + answer.objects("bans").size());
      }
    }
    return 0;
  }

  @Command(
      description = {
        "Print the bans for a firewall, which then turns the banned away itself.",
        "",
        "With --nftables: a table with two sets, for `nft -f -`; each element ends when its ban"
            + " does. The rules that use the sets are yours."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport gateway bans export --nftables | nft -f -")
  int export(
      @Option(names = "--nftables", description = "As sets of nftables.") boolean nftables,
      @Mixin Connection connection) {
    if (!nftables) {
      throw Failure.badInput("--nftables must be given: it is the only form there is");
    }
    try (var control = connection.open()) {
      NftablesSets.of(control.get(BANS).objects("bans")).forEach(terminal::line);
    }
    return 0;
  }

  private void print(Answer answer, Format format) {
    if (format.json()) {
      Json.print(terminal, answer.json());
      return;
    }
    var table = Table.of("SOURCE", "SINCE", "UNTIL", "#TIMES", "LAST FAILURE");
    for (var ban : answer.objects("bans")) {
      table.row(
          ban.text("source"),
          ban.text("since"),
          ban.text("until"),
          String.valueOf(ban.number("times")),
          ban.text("reason"));
    }
    table.print(terminal);
  }
}
