package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An operator who types commands for a control that is really there. */
abstract class OperatorStage {
  @TempDir Path directory;
  RealControl control;

  @BeforeEach
  void start() throws IOException {
    control = new RealControl(directory.resolve("data"));
  }

  @AfterEach
  void stop() {
    control.close();
  }

  Run run(String... words) {
    return Run.command(directory, control.words(words));
  }

  /** What a command that succeeds says. */
  String done(String... words) {
    var run = run(words);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  /** That a command ends so, with one line that says why, and with nothing else. */
  void ends(int exitCode, String why, String... words) {
    var run = run(words);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(why).hasLineCount(1);
  }

  static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
