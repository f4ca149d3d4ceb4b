package io.sallyport.cli;

import io.sallyport.cli.command.LedgerCommands;
import io.sallyport.cli.command.OperatorCommands;
import io.sallyport.cli.command.PolicyCommands;
import io.sallyport.cli.command.PrincipalCommands;
import io.sallyport.cli.command.StatusCommand;
import io.sallyport.cli.enrolment.EnrollBackend;
import io.sallyport.cli.enrolment.EnrollDevice;
import io.sallyport.cli.enrolment.EnrollOperator;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.LocalServer;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.identity.PrincipalKind;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;
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
    var root = new CommandLine(new Sallyport(), new Connections(surroundings, local));
    addCommands(root, surroundings, local);
    extras.forEach(root::addSubcommand);
    addHelp(root);
    var complaints = new Complaints(surroundings.terminal());
    root.setUsageHelpWidth(HELP_WIDTH_COLUMNS)
        .setUsageHelpAutoWidth(false)
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                surroundings.terminal().coloured() ? Ansi.ON : Ansi.OFF))
        .setParameterExceptionHandler(complaints)
        .setExecutionExceptionHandler(complaints)
        .setOut(writer(surroundings.terminal().out()))
        .setErr(writer(surroundings.terminal().err()));
    return new Cli(root);
  }

  /** Runs one command and returns the exit code of the process; never throws. */
  public int execute(String... arguments) {
    return root.execute(arguments);
  }

  private static void addCommands(CommandLine root, Surroundings surroundings, LocalServer local) {
    var enrollDevice = new EnrollDevice(surroundings, new Connection(surroundings, local));
    var enrollBackend = new EnrollBackend(surroundings, new Connection(surroundings, local));
    var enrollOperator = new EnrollOperator(surroundings, new Connection(surroundings, local));
    var devices = new PrincipalCommands(PrincipalKind.DEVICE, surroundings);
    var backends = new PrincipalCommands(PrincipalKind.BACKEND, surroundings);
    root.addSubcommand("device", group(root, devices, enrollDevice))
        .addSubcommand("backend", group(root, backends, enrollBackend))
        .addSubcommand(new PolicyCommands(surroundings))
        .addSubcommand(new LedgerCommands(surroundings))
        .addSubcommand("operator", group(root, new OperatorCommands(surroundings), enrollOperator))
        .addSubcommand(new StatusCommand(surroundings, new Connection(surroundings, local)));
  }

  /** A group whose first command is a class of its own; the others are its methods. */
  private static CommandLine group(CommandLine root, Object group, Object first) {
    var factory = root.getFactory();
    var command = new CommandLine(group, factory);
    command.addSubcommand(new CommandLine(first, factory));
    command.getCommandSpec().addMethodSubcommands(factory);
    return command;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  CommandLine root() {
    return root;
  }

  /** Lays the help of a command and those below it out alike. */
  private static void addHelp(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.usageMessage()
        .abbreviateSynopsis(true)
        .parameterListHeading("%nParameters:%n")
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n");
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

  /** Makes what commands declare as parameters: each gets a connection of its own. */
  private record Connections(Surroundings surroundings, LocalServer local) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      return type == Connection.class
          ? type.cast(new Connection(surroundings, local))
          : CommandLine.defaultFactory().create(type);
    }
  }
}
