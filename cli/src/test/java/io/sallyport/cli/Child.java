package io.sallyport.cli;

import io.sallyport.cli.server.LocalServer;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.Map;

/** The command line as a process of its own, to be killed. */
final class Child {
  private Child() {}

  /** Runs one command. */
  public static void main(String[] arguments) {
    var surroundings =
        new Surroundings(
            Terminal.ofProcess(Map.of()), Map.of(), Path.of(""), System::nanoTime, _ -> {});
    System.exit(Cli.of(surroundings, LocalServer.none(), "1.2.3", Map.of()).execute(arguments));
  }
}
