package io.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code sallyport} says of itself. */
class TopLevelTest {
  @TempDir private Path folder;

  private CommandLine.Ran run(String... words) {
    return new CommandLine(folder.resolve("data")).bare(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void theVersionIsOneLine(String option) {
    var asked = run(option);
    assertThat(asked.code()).isZero();
    assertThat(asked.out()).matches("sallyport \\d+\\.\\d+\\.\\d+\\R");
    assertThat(asked.err()).isEmpty();
  }

  @Test
  void theHelpNamesEveryCommand() {
    var help = run("--help");
    assertThat(help.code()).isZero();
    for (var command :
        new String[] {
          "up",
          "demo",
          "ca",
          "device",
          "backend",
          "policy",
          "ledger",
          "operator",
          "status",
          "registry",
          "bench"
        }) {
      assertThat(help.out()).containsPattern("(?m)^  " + command + " +[A-Z]");
    }
    assertThat(help.out()).contains("--version");
  }

  @Test
  void benchPointsToTheLauncher() {
    var asked = run("bench", "handshake", "--seconds", "5");
    assertThat(asked.code()).isEqualTo(2);
    assertThat(asked.err()).contains("./sallyport bench handshake --seconds 5");
  }
}
