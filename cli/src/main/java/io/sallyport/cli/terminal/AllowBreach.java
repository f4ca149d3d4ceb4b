package io.sallyport.cli.terminal;

import picocli.CommandLine.Option;

/** Whether a change is wanted although it breaks a stored invariant. */
public final class AllowBreach {
  @Option(
      names = "--allow-breach",
      description = "Do it although it breaks a stored invariant; the ledger says so.")
  private boolean allowed;

  /** What to add to the path of the call. */
  public String query() {
    return allowed ? "?allowBreach=true" : "";
  }
}
