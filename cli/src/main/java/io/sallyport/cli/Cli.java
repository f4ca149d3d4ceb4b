package io.sallyport.cli;

import io.sallyport.cli.server.LocalServer;
import io.sallyport.cli.terminal.Surroundings;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command {@code sallyport} as a whole. */
public final class Cli {
  private static final int HELP_WIDTH_COLUMNS = 100;

  private final CommandLine root;

  private Cli(CommandLine root) {
    this.root = root;
  }

  /**
   * Puts the command line together.
   *
   * @param local starts control within this process where no server listens
   * @param extras further commands, each an instance with picocli's {@code @Command}; they get
   *     {@code --help}, and may end with a {@link io.sallyport.cli.terminal.Failure}
   */
  public static Cli of(Surroundings surroundings, LocalServer local, List<Object> extras) {
    var root = new CommandLine(new Sallyport());
    for (var extra : extras) {
      root.addSubcommand(extra);
    }
    addHelp(root);
    root.setUsageHelpWidth(HELP_WIDTH_COLUMNS)
        .setUsageHelpAutoWidth(false)
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                surroundings.terminal().coloured() ? Ansi.ON : Ansi.OFF))
        .setOut(writer(surroundings.terminal().out()))
        .setErr(writer(surroundings.terminal().err()));
    return new Cli(root);
  }

  /** Runs one command and returns the exit code of the process; never throws. */
  public int execute(String... arguments) {
    return root.execute(arguments);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  private static void addHelp(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    if (spec.findOption("--help") == null) {
      spec.addOption(
          OptionSpec.builder("-h", "--help")
              .usageHelp(true)
              .description("Show this help.")
              .build());
    }
    command.getSubcommands().values().forEach(Cli::addHelp);
  }

  @Command(name = "sallyport", description = "A zero-trust gate for fleets of embedded devices.")
  private static final class Sallyport {}
}
