package io.sallyport.app.command;

import io.sallyport.cli.terminal.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code sallyport bench}, so that the help names it: the launcher has started another program
 * before this one is asked, so that load and server never share a process.
 */
@Command(
    name = "bench",
    description = "Measure this machine, side by side with mosquitto if that is installed.",
    footer = {"", "Example: ./sallyport bench handshake"})
public final class BenchCommand implements Callable<Integer> {
  @Unmatched private final List<String> words = new ArrayList<>();

  @Override
  public Integer call() {
    var line = String.join(" ", words);
    throw Failure.badInput(
        ("bench is a program of its own; start it by the launcher: ./sallyport bench " + line)
            .strip());
  }
}
