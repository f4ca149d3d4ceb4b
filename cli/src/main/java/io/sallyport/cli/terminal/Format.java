package io.sallyport.cli.terminal;

import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The option that asks for facts as JSON. */
public final class Format {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** Whether facts are printed as JSON. */
  public boolean json() {
    return json;
  }

  /** Prints what was done: the facts as JSON, or a line for people. */
  public void print(Terminal terminal, JsonNode facts, String line) {
    if (json) {
      Json.print(terminal, facts);
    } else {
      terminal.line(line);
    }
  }
}
