package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.cli.server.LocalServer;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/** The help of every command, word for word; {@code -Dgolden.rewrite=true} writes it anew. */
class HelpTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/help");

  @TestFactory
  Stream<DynamicTest> isAsWritten() {
    return commands("sallyport", root())
        .map(words -> DynamicTest.dynamicTest(words, () -> compare(words)));
  }

  @TestFactory
  Stream<DynamicTest> hasAnExample() {
    return commands("sallyport", root())
        .filter(words -> words.split(" ").length == 3)
        .map(
            words ->
                DynamicTest.dynamicTest(
                    words, () -> assertThat(help(words)).contains("\n  " + words)));
  }

  private static void compare(String words) throws IOException {
    var file = GOLDEN.resolve(words.replace(' ', '-') + ".txt");
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, help(words));
    }
    assertThat(help(words)).isEqualTo(Files.readString(file));
  }

  private static String help(String words) {
    var arguments = Stream.of((words + " --help").split(" ")).skip(1).toArray(String[]::new);
    var run = Run.command(Path.of(""), arguments);
    assertThat(run.exitCode()).isZero();
    return run.out();
  }

  private static CommandLine root() {
    var silent = new PrintStream(OutputStream.nullOutputStream());
    var terminal = new Terminal(silent, silent, InputStream.nullInputStream(), false, false);
    var surroundings = new Surroundings(terminal, Map.of(), Path.of(""), System::nanoTime, _ -> {});
    return Cli.of(surroundings, LocalServer.none(), "1.2.3", Map.of()).root();
  }

  private static Stream<String> commands(String words, CommandLine command) {
    return Stream.concat(
        Stream.of(words),
        command.getSubcommands().entrySet().stream()
            .flatMap(entry -> commands(words + " " + entry.getKey(), entry.getValue())));
  }
}
