package io.sallyport.agent.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ProgramTest {
  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

  @Test
  void whatCameFromAfarIsNeverAnArgument() {
    var ended = program("/bin/cat", 4096).run(bytes("$(touch /tmp/x); `id`"), THREADS);

    assertThat(ended.worked()).isTrue();
    assertThat(ended.output()).isEqualTo("$(touch /tmp/x); `id`");
  }

  @Test
  void itsOutputIsBounded() {
    var ended = program("/bin/cat", 10).run(bytes("x".repeat(100_000)), THREADS);

    assertThat(ended.output()).isEqualTo("xxxxxxxxxx");
  }

  @Test
  void itsTimeIsBounded() {
    var sleeps = new Program(Path.of("/bin/sleep"), List.of("30"), Duration.ofMillis(300), 100);
    var ended = sleeps.run(new byte[0], THREADS);

    assertThat(ended.worked()).isFalse();
    assertThat(ended.why()).contains("300 ms");
  }

  @Test
  void saysWhatItCouldNotStart() {
    var none = program("/nowhere/at-all", 10);

    assertThat(none.isExecutable()).isFalse();
    assertThat(none.run(new byte[0], THREADS).why()).contains("could not be started");
    assertThat(program("/bin/false", 10).run(new byte[0], THREADS).code()).isEqualTo(1);
  }

  @Test
  void refusesWhatHasNoBound() {
    refused("cat", Duration.ofSeconds(1), 10, "absolute");
    refused("/bin/cat", Duration.ZERO, 10, "1 ms");
    refused("/bin/cat", Duration.ofHours(2), 10, "hour");
    refused("/bin/cat", Duration.ofSeconds(1), 0, "output");
    refused("/bin/cat", Duration.ofSeconds(1), Program.OUTPUT_MAX + 1, "output");
  }

  private static void refused(String path, Duration time, int output, String why) {
    assertThatThrownBy(() -> new Program(Path.of(path), List.of(), time, output))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static Program program(String path, int output) {
    return new Program(Path.of(path), List.of(), Duration.ofSeconds(20), output);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
