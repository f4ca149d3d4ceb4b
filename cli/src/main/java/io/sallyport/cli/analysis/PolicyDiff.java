package io.sallyport.cli.analysis;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.analysis.Diff;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code policy diff}. */
@Command(
    name = "diff",
    description = {
      "Show what a policy allows and another does not, with shortest examples.",
      "",
      "Exit code 1 if there is a difference. 'this-device' stands for any device."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  sallyport policy diff plant-7:3 plant-7",
      "  sallyport policy diff old.json new.json"
    })
public final class PolicyDiff implements Callable<Integer> {
  private static final String SOURCE = "A file, or NAME or NAME:VERSION on the server.";

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "BEFORE", description = SOURCE)
  private String before = "";

  @Parameters(index = "1", paramLabel = "AFTER", description = SOURCE)
  private String after = "";

  @Mixin private final Kind kind = new Kind();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public PolicyDiff(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var old = Source.read(before, terminal, connection);
    var changed = Source.read(after, terminal, connection);
    var changes = Source.bounded(() -> Diff.of(kind.kind(), old, changed));
    if (format.json()) {
      json(changes);
    } else {
      print(terminal, changes);
    }
    return changes.same() ? 0 : 1;
  }

  /** Shows for people what a new document changes; whether it changes anything. */
  public static boolean review(
      Terminal terminal, PrincipalKind kind, PolicyDocument before, PolicyDocument after) {
    var changes = Source.bounded(() -> Diff.of(kind, before, after));
    print(terminal, changes);
    return !changes.same();
  }

  private static void print(Terminal terminal, Diff.Result changes) {
    if (changes.same()) {
      terminal.line("the same rights");
    }
    for (var change : changes.changes()) {
      terminal.line(
          (change.allowed() ? "+ newly allowed: " : "- newly denied:  ")
              + change.action().word()
              + " on "
              + String.join(", ", change.examples()));
      terminal.line("    by " + String.join(", ", change.covers()));
      if (!change.principal().equals("this-device")) {
        terminal.line("    for " + change.principal());
      }
      if (!change.when().isEmpty()) {
        terminal.line("    when " + String.join(" and ", change.when()));
      }
    }
    changes
        .unproven()
        .forEach(
            (action, why) -> {
              terminal.line("? not proven the same: " + action.word());
              terminal.line("    " + why);
            });
  }

  private void json(Diff.Result changes) {
    var json = Json.mapper().createObjectNode();
    json.put("same", changes.same());
    var list = json.putArray("changes");
    for (var change : changes.changes()) {
      var one = list.addObject();
      one.put("action", change.action().word());
      one.put("becomes", change.allowed() ? "allowed" : "denied");
      one.put("principal", change.principal());
      change.examples().forEach(one.putArray("examples")::add);
      change.covers().forEach(one.putArray("covers")::add);
      change.when().forEach(one.putArray("when")::add);
    }
    var unproven = json.putObject("unproven");
    changes.unproven().forEach((action, why) -> unproven.put(action.word(), why));
    Json.print(terminal, json);
  }
}
