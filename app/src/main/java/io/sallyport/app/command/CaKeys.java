package io.sallyport.app.command;

import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Table;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityRefused;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ca keys}. */
@Command(
    name = "keys",
    description = "Show where each private key lives, and whether it can be taken out of there.",
    footer = {"", "Example: sallyport ca keys --json"})
final class CaKeys implements Callable<Integer> {
  private final Machine machine;
  @Mixin private Place place = new Place();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  CaKeys(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    try {
      var keys = new AuthorityFiles(place.directory().authorities()).keys();
      if (json) {
        var document = Json.mapper().createObjectNode();
        var items = document.putArray("keys");
        keys.forEach(
            key ->
                items
                    .addObject()
                    .put("name", key.name())
                    .put("home", key.home().word())
                    .put("where", key.where())
                    .put("extractable", key.isExtractable()));
        Json.print(machine.terminal(), document);
        return 0;
      }
      var table = Table.of("KEY", "HOME", "WHERE", "CAN BE TAKEN OUT");
      keys.forEach(
          key ->
              table.row(
                  key.name(), key.home().word(), key.where(), key.isExtractable() ? "yes" : "no"));
      table.print(machine.terminal());
      return 0;
    } catch (AuthorityRefused e) {
      throw CaCommand.refusal(e);
    }
  }
}
