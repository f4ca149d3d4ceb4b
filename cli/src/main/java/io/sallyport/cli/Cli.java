package io.sallyport.cli;

import io.sallyport.cli.analysis.InvariantCommands;
import io.sallyport.cli.analysis.PolicyDiff;
import io.sallyport.cli.analysis.PolicyInvariant;
import io.sallyport.cli.analysis.PolicyLint;
import io.sallyport.cli.analysis.PolicyReach;
import io.sallyport.cli.attestation.AttestationCommands;
import io.sallyport.cli.attestation.AttestationVerify;
import io.sallyport.cli.audit.AuditCommands;
import io.sallyport.cli.audit.AuditKeys;
import io.sallyport.cli.command.AcmeCommands;
import io.sallyport.cli.command.BanCommands;
import io.sallyport.cli.command.DrainCommand;
import io.sallyport.cli.command.GatewayCommands;
import io.sallyport.cli.command.GroupCommands;
import io.sallyport.cli.command.LedgerCommands;
import io.sallyport.cli.command.OperatorCommands;
import io.sallyport.cli.command.PolicyCommands;
import io.sallyport.cli.command.PolicyExplain;
import io.sallyport.cli.command.PolicyExport;
import io.sallyport.cli.command.PolicyImport;
import io.sallyport.cli.command.PrincipalCommands;
import io.sallyport.cli.command.ReloadCommand;
import io.sallyport.cli.command.ShadowCommands;
import io.sallyport.cli.command.StatusCommand;
import io.sallyport.cli.command.UndrainCommand;
import io.sallyport.cli.enrolment.BundleDevice;
import io.sallyport.cli.enrolment.EnrollBackend;
import io.sallyport.cli.enrolment.EnrollDevice;
import io.sallyport.cli.enrolment.EnrollOperator;
import io.sallyport.cli.enrolment.authority.ClaimCommands;
import io.sallyport.cli.enrolment.authority.EnrolmentCommands;
import io.sallyport.cli.enrolment.authority.ManufacturerCommands;
import io.sallyport.cli.enrolment.authority.SerialCommands;
import io.sallyport.cli.enrolment.authority.TemplateCommands;
import io.sallyport.cli.enrolment.authority.TokenCommands;
import io.sallyport.cli.factory.BatchCommands;
import io.sallyport.cli.factory.FactoryCommand;
import io.sallyport.cli.factory.FactoryVerify;
import io.sallyport.cli.observation.PolicyEnforce;
import io.sallyport.cli.observation.PolicyObservations;
import io.sallyport.cli.observation.PolicyObserve;
import io.sallyport.cli.observation.PolicySuggest;
import io.sallyport.cli.observation.PolicyUnused;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.LocalServer;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.top.TopCommand;
import io.sallyport.identity.PrincipalKind;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command {@code sallyport} as a whole. */
public final class Cli {
  private static final int HELP_WIDTH_COLUMNS = 100;

  private final Surroundings surroundings;
  private final LocalServer local;
  private final String version;
  private final IFactory factory;
  private final Map<String, Supplier<Object>> commands = new LinkedHashMap<>();

  private Cli(Surroundings surroundings, LocalServer local, String version) {
    this.surroundings = surroundings;
    this.local = local;
    this.version = version;
    this.factory = new Connections(surroundings, local);
  }

  /**
   * Puts the command line together.
   *
   * @param local starts control within this process where no server listens
   * @param version what {@code --version} prints
   * @param extras further commands by their names, each made only when it is needed: an instance
   *     with picocli's {@code @Command}. They get {@code --help}, and may end with a {@link
   *     io.sallyport.cli.terminal.Failure}
   */
  public static Cli of(
      Surroundings surroundings,
      LocalServer local,
      String version,
      Map<String, Supplier<Object>> extras) {
    var cli = new Cli(surroundings, local, version);
    cli.addCommands();
    cli.commands.putAll(extras);
    return cli;
  }

  /** Runs one command and returns the exit code of the process; never throws. */
  public int execute(String... arguments) {
    // Reading the annotations of all commands would take a quarter of a server's start.
    var first = arguments.length == 0 ? "" : arguments[0];
    var root = commands.containsKey(first) ? root(Set.of(first)) : root();
    return root.execute(arguments);
  }

  private void addCommands() {
    commands.put("device", this::devices);
    commands.put("backend", () -> principals(PrincipalKind.BACKEND, EnrollBackend::new));
    commands.put(
        "enrolment",
        () -> group(new EnrolmentCommands(surroundings), new TokenCommands(surroundings)));
    commands.put(
        "factory",
        () ->
            group(
                new FactoryCommand(surroundings, connection()),
                new FactoryVerify(surroundings, connection())));
    commands.put("batch", () -> new BatchCommands(surroundings));
    commands.put(
        "manufacturer",
        () -> group(new ManufacturerCommands(surroundings), new SerialCommands(surroundings)));
    commands.put("claim", () -> group(new ClaimCommands(surroundings)));
    commands.put("template", () -> group(new TemplateCommands(surroundings)));
    commands.put("shadow", () -> new ShadowCommands(surroundings));
    commands.put("group", () -> new GroupCommands(surroundings));
    commands.put("policy", this::policies);
    commands.put(
        "attestation",
        () ->
            group(
                new AttestationCommands(surroundings),
                new AttestationVerify(surroundings, connection())));
    commands.put("ledger", () -> new LedgerCommands(surroundings));
    commands.put(
        "operator",
        () ->
            group(
                new OperatorCommands(surroundings),
                new EnrollOperator(surroundings, connection())));
    commands.put(
        "gateway", () -> group(new GatewayCommands(surroundings), new BanCommands(surroundings)));
    commands.put(
        "audit", () -> group(new AuditCommands(), new AuditKeys(surroundings, connection())));
    commands.put("acme", () -> new AcmeCommands(surroundings));
    commands.put("status", () -> new StatusCommand(surroundings, connection()));
    commands.put("top", () -> new TopCommand(surroundings, connection()));
    commands.put("reload", () -> new ReloadCommand(surroundings, connection()));
    commands.put("drain", () -> new DrainCommand(surroundings, connection()));
    commands.put("undrain", () -> new UndrainCommand(surroundings, connection()));
  }

  private CommandLine policies() {
    return group(
        new PolicyCommands(surroundings),
        new PolicyExplain(surroundings, connection()),
        new PolicyReach(surroundings, connection()),
        new PolicyDiff(surroundings, connection()),
        new PolicyLint(surroundings, connection()),
        invariants(),
        new PolicyObserve(surroundings, connection()),
        new PolicyObservations(surroundings, connection()),
        new PolicySuggest(surroundings, connection()),
        new PolicyEnforce(surroundings, connection()),
        new PolicyUnused(surroundings, connection()),
        new PolicyImport(surroundings),
        new PolicyExport(surroundings));
  }

  private CommandLine invariants() {
    return group(
        new PolicyInvariant(surroundings, connection()),
        new InvariantCommands.Set(surroundings, connection()),
        new InvariantCommands.Show(surroundings, connection()),
        new InvariantCommands.Clear(surroundings, connection()));
  }

  private CommandLine devices() {
    return group(
        new PrincipalCommands(PrincipalKind.DEVICE, surroundings),
        new EnrollDevice(surroundings, connection()),
        new BundleDevice(surroundings, connection()));
  }

  private CommandLine principals(
      PrincipalKind kind, BiFunction<Surroundings, Connection, Object> enroll) {
    return group(
        new PrincipalCommands(kind, surroundings), enroll.apply(surroundings, connection()));
  }

  private Connection connection() {
    return new Connection(surroundings, local);
  }

  /** A group whose first commands are classes of their own; the others are its methods. */
  private CommandLine group(Object group, Object... first) {
    var command = new CommandLine(group, factory);
    for (var one : first) {
      command.addSubcommand(one instanceof CommandLine made ? made : new CommandLine(one, factory));
    }
    command.getCommandSpec().addMethodSubcommands(factory);
    return command;
  }

  /** The whole line with all commands. */
  CommandLine root() {
    return root(commands.keySet());
  }

  private CommandLine root(Set<String> wanted) {
    var root = new CommandLine(new Sallyport(), factory);
    commands.forEach(
        (name, maker) -> {
          if (wanted.contains(name)) {
            root.addSubcommand(name, maker.get());
          }
        });
    addHelp(root);
    addVersion(root.getCommandSpec());
    var complaints = new Complaints(surroundings.terminal());
    return root.setUsageHelpWidth(HELP_WIDTH_COLUMNS)
        .setUsageHelpAutoWidth(false)
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                surroundings.terminal().coloured() ? Ansi.ON : Ansi.OFF))
        .setParameterExceptionHandler(complaints)
        .setExecutionExceptionHandler(complaints)
        .setOut(writer(surroundings.terminal().out()))
        .setErr(writer(surroundings.terminal().err()));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
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

  private void addVersion(CommandSpec spec) {
    spec.version("sallyport " + version)
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print the version.")
                .build());
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
