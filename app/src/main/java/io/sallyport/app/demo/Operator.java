package io.sallyport.app.demo;

import io.sallyport.app.process.Version;
import io.sallyport.cli.Cli;
import io.sallyport.cli.server.LocalServer;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Runs the very commands that an operator would type, and reads what they print. */
public final class Operator {
  private final Surroundings surroundings;
  private final List<String> where;

  /**
   * An operator.
   *
   * @param where the options that say which server, and as whom
   */
  public Operator(Surroundings surroundings, List<String> where) {
    this.surroundings = surroundings;
    this.where = List.copyOf(where);
  }

  /** One command with {@code --json}; anything but exit code 0 is an exception. */
  public JsonNode json(String... words) {
    return Json.mapper().readTree(run(Stream.concat(Stream.of(words), Stream.of("--json"))));
  }

  /** One command that prints a document a line. */
  List<JsonNode> jsonLines(String... words) {
    return run(Stream.concat(Stream.of(words), Stream.of("--json")))
        .lines()
        .map(line -> Json.mapper().readTree(line))
        .toList();
  }

  private String run(Stream<String> words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var quiet =
        new Terminal(printer(out), printer(err), InputStream.nullInputStream(), false, false);
    var arguments = Stream.concat(words, where.stream()).toList();
    var cli =
        Cli.of(
            new Surroundings(
                quiet,
                surroundings.environment(),
                surroundings.home(),
                surroundings.nanos(),
                surroundings.pause()),
            LocalServer.none(),
            Version.TEXT,
            Map.of());
    var code = cli.execute(arguments.toArray(String[]::new));
    if (code != 0) {
      throw new IllegalStateException(
          "`sallyport %s` ended with %d: %s"
              .formatted(
                  String.join(" ", arguments), code, err.toString(StandardCharsets.UTF_8).strip()));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream printer(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }
}
