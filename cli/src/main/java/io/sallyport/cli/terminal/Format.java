package io.sallyport.cli.terminal;

import picocli.CommandLine.Option;

/** The option that asks for facts as JSON. */
public final class Format {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** Whether facts are printed as JSON. */
  public boolean json() {
    return json;
  }
}
