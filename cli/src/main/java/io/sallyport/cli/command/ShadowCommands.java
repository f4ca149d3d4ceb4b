package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code shadow}: what a device is to be, and what it says it is. */
@Command(name = "shadow", description = "Shadows: what a device is to be, and what it says it is.")
public final class ShadowCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String DEVICE = "Its id.";
  private static final String NAME = "Which named shadow; without it the classic one.";
  // Bound: twice the longest shadow that a server may be set to keep; it says so, too.
  private static final int BYTES_MAX = 128 * 1024;

  private final Terminal terminal;

  /** The commands. */
  public ShadowCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "Show a shadow: what is desired, what is reported, and where they differ.",
        "",
        "With --json the whole document, with the time of each member."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport shadow get device-001 --name lights")
  int get(
      @Parameters(paramLabel = "DEVICE", description = DEVICE) String device,
      @Option(names = "--name", paramLabel = "NAME", description = NAME) @Nullable String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var answer = control.get(path(device, name));
      if (format.json()) {
        Json.print(terminal, answer.json());
      } else {
        print(answer);
      }
    }
    return 0;
  }

  @Command(
      description = {
        "Change a shadow; whoever subscribed is told.",
        "",
        "The document is a request of AWS IoT's Device Shadow service: objects are merged, null",
        "removes, everything else is replaced whole. With \"version\" in it the change is made",
        "only if the shadow has that one."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport shadow update device-001 '{\"state\":{\"desired\":{\"on\":true}}}'")
  int update(
      @Parameters(index = "0", paramLabel = "DEVICE", description = DEVICE) String device,
      @Parameters(
              index = "1",
              paramLabel = "DOCUMENT",
              description = "The document in JSON; @FILE for a file, - for the standard input.")
          String document,
      @Option(names = "--name", paramLabel = "NAME", description = NAME) @Nullable String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    var path = path(device, name);
    var text =
        document.equals("-") || document.startsWith("@")
            ? InputFile.read(
                    document.equals("-") ? document : document.substring(1), BYTES_MAX, terminal)
                .text()
            : document;
    try (var control = connection.open()) {
      var answer = control.post(path, text);
      format.print(
          terminal,
          answer.json(),
          "the shadow of " + device + " has version " + answer.number("version"));
    }
    return 0;
  }

  @Command(
      description = "Delete a shadow; its versions go on counting for 48 hours.",
      footerHeading = EXAMPLE,
      footer = "  sallyport shadow delete device-001 --name lights")
  int delete(
      @Parameters(paramLabel = "DEVICE", description = DEVICE) String device,
      @Option(names = "--name", paramLabel = "NAME", description = NAME) @Nullable String name,
      @Option(names = "--version", paramLabel = "N", description = "Only this version.")
          @Nullable Long version,
      @Mixin Format format,
      @Mixin Connection connection) {
    var path = path(device, name);
    if (version != null) {
      path += (path.contains("?") ? "&" : "?") + "version=" + version;
    }
    try (var control = connection.open()) {
      var answer = control.delete(path);
      format.print(
          terminal,
          answer.json(),
          "the shadow of " + device + " is deleted, it had version " + answer.number("version"));
    }
    return 0;
  }

  @Command(
      description = "List a device's named shadows.",
      footerHeading = EXAMPLE,
      footer = "  sallyport shadow list device-001")
  int list(
      @Parameters(paramLabel = "DEVICE", description = DEVICE) String device,
      @Mixin Format format,
      @Mixin Connection connection) {
    Principal.requireId(device);
    try (var control = connection.open()) {
      var all =
          Pages.all(control, "devices/" + ControlClient.segment(device) + "/shadows", "shadows");
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        all.forEach(json.putArray("shadows")::add);
        Json.print(terminal, json);
        return 0;
      }
      var table = Table.of("NAME", "#VERSION", "CHANGED");
      for (var shadow : all.stream().map(Answer::new).toList()) {
        table.row(
            shadow.text("name"),
            String.valueOf(shadow.number("version")),
            shadow.text("changedAt"));
      }
      table.print(terminal);
    }
    return 0;
  }

  private void print(Answer shadow) {
    var state = shadow.object("state").json();
    var desired = leaves(state.path("desired"));
    var reported = leaves(state.path("reported"));
    var differing = leaves(state.path("delta")).keySet();
    var ways = new TreeSet<>(desired.keySet());
    ways.addAll(reported.keySet());
    terminal.line(
        "version "
            + shadow.number("version")
            + " at "
            + Instant.ofEpochSecond(shadow.number("timestamp")));
    if (ways.isEmpty()) {
      terminal.line("nothing is desired, and nothing reported");
      return;
    }
    var table = Table.of("MEMBER", "DESIRED", "REPORTED", "");
    for (var way : ways) {
      table.row(
          way,
          desired.getOrDefault(way, "-"),
          reported.getOrDefault(way, "-"),
          differing.contains(way) ? "differs" : "");
    }
    table.print(terminal);
  }

  /** The members that are no objects, by their names with those around them in front. */
  private static Map<String, String> leaves(JsonNode section) {
    var leaves = new TreeMap<String, String>();
    collect("", section, leaves);
    return leaves;
  }

  private static void collect(String way, JsonNode node, Map<String, String> leaves) {
    if (node.isObject()) {
      for (var member : node.properties()) {
        collect(
            way.isEmpty() ? member.getKey() : way + "." + member.getKey(),
            member.getValue(),
            leaves);
      }
    } else if (!node.isMissingNode()) {
      leaves.put(way, node.toString());
    }
  }

  private static String path(String device, @Nullable String name) {
    Principal.requireId(device);
    if (name != null && !name.matches("[a-zA-Z0-9:_-]{1,64}|\\$package")) {
      throw Failure.badInput(
          "a shadow's name has 1 to 64 characters of A-Z a-z 0-9 : _ -, or is $package, not '"
              + name
              + "'");
    }
    return "devices/"
        + ControlClient.segment(device)
        + "/shadow"
        + (name == null ? "" : "?name=" + ControlClient.segment(name));
  }
}
