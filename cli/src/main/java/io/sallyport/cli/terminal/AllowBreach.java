package io.sallyport.cli.terminal;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Whether a change is wanted although it breaks a stored invariant. */
public final class AllowBreach {
  @Option(
      names = "--allow-breach",
      description = "Do it although it breaks a stored invariant; the ledger says so.")
  private boolean allowed;

  /** What to add to the path of the call. */
  public String query() {
    return query("");
  }

  /** The same with other parameters, if there are any. */
  public String query(String others) {
    var all = Stream.of(others, allowed ? "allowBreach=true" : "");
    var query = all.filter(one -> !one.isEmpty()).collect(Collectors.joining("&"));
    return query.isEmpty() ? "" : "?" + query;
  }
}
