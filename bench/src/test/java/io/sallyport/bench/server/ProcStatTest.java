package io.sallyport.bench.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcStatTest {
  private static final String AFTER_NAME =
      " S 1 42 42 0 -1 4194560 2532 0 3 0 1234 66 0 0 20 0 5 0 100 200 300 0";

  @Test
  void addsUserAndSystemTimeOfAllThreads() {
    assertThat(ProcStat.cpuSeconds("42 (mosquitto)" + AFTER_NAME)).isEqualTo(13.0);
  }

  @Test
  void isNotMisledByBlanksAndBracketsInAName() {
    assertThat(ProcStat.cpuSeconds("42 (a) b 9 9 (c)" + AFTER_NAME)).isEqualTo(13.0);
  }

  @Test
  void takesResidentMemoryOutOfTheRollup() {
    assertThat(
            ProcStat.residentKib(
                List.of(
                    "55d0-7ffc ---p 00000000 00:00 0    [rollup]",
                    "Rss:               10344 kB",
                    "Pss:                9000 kB")))
        .isEqualTo(10_344.0);
  }

  @Test
  void refusesARollupWithoutResidentMemory() {
    assertThatIllegalArgumentException().isThrownBy(() -> ProcStat.residentKib(List.of("Pss: 1")));
  }

  @Test
  void readsThisVeryProcess() {
    Needed.that(Files.exists(Path.of("/proc/self/smaps_rollup")), "no Linux here");
    var self = new ProcStat(ProcessHandle.current().pid());

    assertThat(self.cpuSeconds()).isPositive();
    assertThat(self.residentKib()).isGreaterThan(10_000);
  }
}
