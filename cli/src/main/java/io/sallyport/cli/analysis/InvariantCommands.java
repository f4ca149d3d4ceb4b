package io.sallyport.cli.analysis;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.AllowBreach;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What {@code policy invariant} does with the invariants that the server stores. */
public final class InvariantCommands {
  private static final String EXAMPLE = "%nExample:%n";

  private InvariantCommands() {}

  /** {@code policy invariant set}. */
  @Command(
      name = "set",
      description = {
        "Store invariants, which replace the ones before.",
        "",
        "From then on no change of policies takes effect that would break one of them."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport policy invariant set fleet-invariants.json")
  public static final class Set implements Runnable {
    private final Terminal terminal;

    @Parameters(
        paramLabel = "FILE",
        description = "The invariants, as docs/policy-analysis.md says.")
    private String file = "";

    @Mixin private final AllowBreach allowBreach = new AllowBreach();
    @Mixin private final Format format = new Format();
    @Mixin private final Connection connection;

    /** The command, with the way to the server. */
    public Set(Surroundings surroundings, Connection connection) {
      this.terminal = surroundings.terminal();
      this.connection = connection;
    }

    @Override
    public void run() {
      var text = PolicyInvariant.read(file, terminal);
      try (var control = connection.open()) {
        var answer = control.put("invariants" + allowBreach.query(), text);
        format.print(
            terminal, answer.json(), "every change of policies is checked against them now");
      }
    }
  }

  /** {@code policy invariant show}. */
  @Command(
      name = "show",
      description = "Print the stored invariants; with --json, who set them, and when.",
      footerHeading = EXAMPLE,
      footer = "  sallyport policy invariant show > fleet-invariants.json")
  public static final class Show implements Runnable {
    private final Terminal terminal;

    @Mixin private final Format format = new Format();
    @Mixin private final Connection connection;

    /** The command, with the way to the server. */
    public Show(Surroundings surroundings, Connection connection) {
      this.terminal = surroundings.terminal();
      this.connection = connection;
    }

    @Override
    public void run() {
      try (var control = connection.open()) {
        var answer = control.get("invariants");
        Json.print(terminal, (format.json() ? answer : answer.object("document")).json());
      }
    }
  }

  /** {@code policy invariant clear}. */
  @Command(
      name = "clear",
      description = "Take the stored invariants away.",
      footerHeading = EXAMPLE,
      footer = "  sallyport policy invariant clear")
  public static final class Clear implements Runnable {
    private final Terminal terminal;

    @Mixin private final Format format = new Format();
    @Mixin private final Connection connection;

    /** The command, with the way to the server. */
    public Clear(Surroundings surroundings, Connection connection) {
      this.terminal = surroundings.terminal();
      this.connection = connection;
    }

    @Override
    public void run() {
      try (var control = connection.open()) {
        format.print(terminal, control.delete("invariants").json(), "no invariant is stored now");
      }
    }
  }
}
