package io.sallyport.app.command;

import io.sallyport.app.installation.RegistryMove;
import io.sallyport.app.process.Machine;
import io.sallyport.ledger.Chain;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sallyport registry …}: the database itself, while no server runs. */
@Command(name = "registry", description = "Move the registry to another database.")
public final class RegistryCommand {
  private RegistryCommand() {}

  public static picocli.CommandLine line(Machine machine) {
    return new picocli.CommandLine(new RegistryCommand()).addSubcommand(new Move(machine));
  }

  /** From SQLite to PostgreSQL. */
  @Command(
      name = "move",
      description = {
        "Copy registry and ledger from the SQLite file of the data directory into the empty"
            + " PostgreSQL database that the configuration names, and use that one from then on.",
        "",
        "The server must be stopped. The file is left as it is, and not used any more."
      },
      footer = {"", "Example: sallyport registry move --config sallyport.yaml"})
  static final class Move implements Callable<Integer> {
    private final Machine machine;
    @Mixin private Place place = new Place();

    Move(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Integer call() {
      var directory = place.directory();
      var ledger = new RegistryMove(directory, place.configuration()).run();
      var terminal = machine.terminal();
      terminal.line(
          switch (ledger.verdict()) {
            case Chain.Intact intact -> "moved: " + intact.records() + " ledger records, unbroken";
            case Chain.Broken broken ->
                "moved: the ledger is broken at record " + broken.sequence() + ", as it was before";
          });
      terminal.line("head " + ledger.head().hash().hex());
      machine.notice(
          directory.database() + " is not used any more; keep it as a backup, or delete it");
      return 0;
    }
  }
}
