package io.sallyport.bench.flame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bench.drawing.SvgReader;
import io.sallyport.bench.server.Needed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlamesTest {
  private static final long SELF = ProcessHandle.current().pid();

  @Test
  void aThreadThatWorkedInTheWindowIsInThePicture(@TempDir Path directory) throws Exception {
    Needed.that(Files.exists(Path.of("/proc/self/task")), "no Linux here: no CPU-time samples");
    var flames = new Flames(directory.resolve("new"), "try");
    var enough = new AtomicBoolean();
    var worker = Thread.ofPlatform().name("worker <1>").start(() -> work(enough));

    var observation = flames.of("50 → 1, 64 B").begin(SELF);
    Thread.sleep(500);
    observation.end();
    enough.set(true);
    worker.join();

    var file = directory.resolve("new/try-50-to-1-64-b.svg");
    assertThat(flames.write()).containsExactly(file);
    var document = SvgReader.parse(Files.readString(file));
    assertThat(SvgReader.texts(document, "title"))
        .anyMatch(title -> title.startsWith("worker <1>: "))
        .anyMatch(title -> title.startsWith(FlamesTest.class.getName() + ".work: "));
    assertThat(SvgReader.texts(document, "text"))
        .anyMatch(text -> text.contains("samples of CPU time"))
        .anyMatch(text -> text.contains("compilers"));
  }

  @Test
  void anEmptyRecordingIsOneClearError(@TempDir Path directory) {
    var flames = new Flames(directory, "try");
    var _ = flames.of("idle");
    var _ = flames.of("asleep");

    assertThatThrownBy(flames::write)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no CPU-time samples")
        .hasMessageContaining("idle; asleep");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aRuntimeWithoutToolsIsOneClearError(@TempDir Path directory) {
    assertThatThrownBy(() -> new FlightRecorder(directory, SELF))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("jcmd");
  }

  @Test
  void aProcessThatIsGoneIsOneClearError() throws Exception {
    var gone = new ProcessBuilder("true").start();
    gone.waitFor();
    var recorder = new FlightRecorder(Path.of(System.getProperty("java.home")), gone.pid());

    assertThatThrownBy(recorder::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("jcmd failed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "publish 50 → 1 persistent, QoS 1, 64 B, 16 in flight |"
            + " publish-50-to-1-persistent-qos-1-64-b-16-in-flight",
        "publish 50 → 1, QoS 0, 1 KiB, 10000/s | publish-50-to-1-qos-0-1-kib-10000-per-s",
        "../../etc <x> | etc-x"
      })
  void fileNamesArePlain(String name, String slug) {
    assertThat(Flames.slug(name)).isEqualTo(slug);
  }

  private static void work(AtomicBoolean enough) {
    var sum = 0L;
    while (!enough.get()) {
      for (var i = 0; i < 10_000; i++) {
        sum += Long.rotateLeft(sum ^ i, 7);
      }
    }
    assertThat(sum).isNotEqualTo(42);
  }
}
