package io.sallyport.cli.analysis;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.analysis.Invariant;
import io.sallyport.policy.analysis.PolicyClass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code policy invariant}. */
@Command(
    name = "invariant",
    description = {
      "Prove that something can never happen, whatever the devices do.",
      "",
      "For the whole fleet of the server, or off line for the policies of files, which are taken",
      "together as those of one principal. Exit code 1 with a counterexample if one does not hold.",
      "What the server stores is proven before any change of policies takes effect, too."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  sallyport policy invariant set fleet-invariants.json",
      "  sallyport policy invariant",
      "  sallyport policy invariant fleet-invariants.json --policy plant-7.json"
    })
public final class PolicyInvariant implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description =
          "The invariants, as docs/policy-analysis.md says; default: those of the server.")
  private @Nullable String file;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "Prove it for this policy, without a server; may be given several times.")
  private List<String> policies = new ArrayList<>();

  @Mixin private final Kind kind = new Kind();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public PolicyInvariant(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var report = report();
    if (format.json()) {
      Json.print(terminal, report);
    } else {
      report.path("invariants").forEach(this::print);
    }
    return report.path("invariants").valueStream().allMatch(PolicyInvariant::holds) ? 0 : 1;
  }

  private JsonNode report() {
    if (file != null) {
      var text = read(file, terminal);
      return policies.isEmpty() ? ofFleet(text) : ofFiles(parsed(file, text));
    }
    try (var control = connection.open()) {
      return policies.isEmpty()
          ? control.get("analysis/invariants").json()
          : ofFiles(
              parsed("the server", control.get("invariants").object("document").json().toString()));
    }
  }

  /** The text of a file of invariants, which are well-formed. */
  static String read(String file, Terminal terminal) {
    var input = InputFile.read(file, Invariant.LENGTH_MAX, terminal);
    parsed(input.name(), input.text());
    return input.text();
  }

  private static List<Invariant> parsed(String where, String text) {
    try {
      return Invariant.parse(text);
    } catch (Invariant.Malformed e) {
      throw Failure.badInput(where + ": " + e.getMessage());
    }
  }

  private JsonNode ofFleet(String text) {
    try (var control = connection.open()) {
      return control.post("analysis/invariants", Json.mapper().readTree(text)).json();
    }
  }

  private JsonNode ofFiles(List<Invariant> invariants) {
    if (policies.size() > PolicySet.POLICIES_MAX) {
      throw Failure.badInput("at most " + PolicySet.POLICIES_MAX + " policies");
    }
    var versions = new ArrayList<PolicyVersion>();
    for (var policy : policies) {
      var name = Path.of(policy).getFileName() + (versions.isEmpty() ? "" : "#" + versions.size());
      versions.add(new PolicyVersion(name, 1, Source.file(policy, terminal)));
    }
    var principals = PolicyClass.anybody(kind.kind(), PolicySet.of(versions));
    var report = Json.mapper().createObjectNode();
    var list = report.putArray("invariants");
    for (var invariant : invariants) {
      add(list.addObject(), invariant.name(), Source.bounded(() -> invariant.verdict(principals)));
    }
    return report;
  }

  private static void add(ObjectNode one, String name, Invariant.Verdict verdict) {
    one.put("name", name).put("holds", verdict instanceof Invariant.Verdict.Holds);
    var breaches = one.putArray("breaches");
    var unproven = one.putArray("unproven");
    if (verdict instanceof Invariant.Verdict.Broken(var breach)) {
      var found =
          breaches
              .addObject()
              .put("principal", breach.principal())
              .put("topic", breach.topic())
              .put("filter", breach.filter());
      breach.when().forEach(found.putArray("when")::add);
    }
    if (verdict instanceof Invariant.Verdict.Unproven(var why)) {
      unproven.addObject().put("why", why);
    }
  }

  private static boolean holds(JsonNode invariant) {
    return invariant.path("holds").asBoolean(false);
  }

  private static String word(JsonNode invariant) {
    if (holds(invariant)) {
      return "holds   ";
    }
    return invariant.path("breaches").isEmpty() ? "UNKNOWN " : "BROKEN  ";
  }

  private void print(JsonNode invariant) {
    terminal.line(word(invariant) + invariant.path("name").asString(""));
    for (var unproven : invariant.path("unproven")) {
      var policies = unproven.path("policies").isArray() ? unproven.path("policies") + ": " : "";
      terminal.line("  " + policies + unproven.path("why").asString(""));
    }
    for (var breach : invariant.path("breaches")) {
      var filter = breach.path("filter").asString("");
      var policies = breach.path("policies").isArray() ? " with " + breach.path("policies") : "";
      terminal.line(
          "  "
              + breach.path("principal").asString("")
              + policies
              + (filter.isEmpty() ? " can publish to '" : " can receive from '")
              + breach.path("topic").asString("")
              + "'"
              + (filter.isEmpty() ? "" : " by the filter '" + filter + "'")
              + When.text(breach));
    }
  }
}
