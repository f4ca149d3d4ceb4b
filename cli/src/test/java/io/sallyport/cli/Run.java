package io.sallyport.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.cli.server.LocalServer;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/** What one command said and how it ended. */
record Run(int exitCode, String out, String err) {

  /** How the next command is run; each test changes what it is about. */
  record With(
      Map<String, String> environment,
      Path home,
      LocalServer local,
      String input,
      boolean interactive,
      boolean coloured,
      Surroundings.Pause pause) {

    Run command(String... arguments) {
      var out = new ByteArrayOutputStream();
      var err = new ByteArrayOutputStream();
      var terminal =
          new Terminal(
              new PrintStream(out, true, UTF_8),
              new PrintStream(err, true, UTF_8),
              new ByteArrayInputStream(input.getBytes(UTF_8)),
              interactive,
              coloured);
      var surroundings = new Surroundings(terminal, environment, home, System::nanoTime, pause);
      var exitCode = Cli.of(surroundings, local, "1.2.3", Map.of()).execute(arguments);
      return new Run(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }

    With input(String text) {
      return new With(environment, home, local, text, interactive, coloured, pause);
    }

    With environment(Map<String, String> variables) {
      return new With(variables, home, local, input, interactive, coloured, pause);
    }

    With local(LocalServer server) {
      return new With(environment, home, server, input, interactive, coloured, pause);
    }

    With person() {
      return new With(environment, home, local, input, true, true, pause);
    }

    With pause(Surroundings.Pause other) {
      return new With(environment, home, local, input, interactive, coloured, other);
    }
  }

  /** A script in an empty environment. */
  static With script(Path home) {
    return new With(
        Map.of(), home, LocalServer.none(), "", false, false, time -> Thread.sleep(time));
  }

  /** Runs a command in an empty environment. */
  static Run command(Path home, String... arguments) {
    return script(home).command(arguments);
  }
}
