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
  /** A command that did not do what it was to do. */
  public static final class Failed extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String said;

    private Failed(String line, int code, String said) {
      super("`sallyport %s` ended with %d: %s".formatted(line, code, said));
      this.code = code;
      this.said = said;
    }

    /** Its exit code. */
    public int code() {
      return code;
    }

    /** Its error, without the program's name. */
    public String said() {
      return said.startsWith(PROGRAM) ? said.substring(PROGRAM.length()) : said;
    }
  }

  private static final String PROGRAM = "sallyport: ";

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

  /** One command with {@code --json}; anything but exit code 0 is {@link Failed}. */
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
      throw new Failed(
          String.join(" ", arguments), code, err.toString(StandardCharsets.UTF_8).strip());
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream printer(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }
}
