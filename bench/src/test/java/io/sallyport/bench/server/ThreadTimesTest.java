package io.sallyport.bench.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bench.server.ThreadTimes.OneThread;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThreadTimesTest {
  @Test
  void aNameMayHoldBlanksAndBrackets() {
    var stat = "43 (C2 Comp (x) 1) S 1 42 42 0 -1 4194560 2532 0 3 0 1234 66 0 0 20 0 5 0 100 200";

    assertThat(ThreadTimes.parse(stat)).isEqualTo(new OneThread("C2 Comp (x) 1", 13.0));
  }

  @Test
  void countsFromTheEarlierMomentAndNewThreadsFromTheirBeginning() {
    var before = new ThreadTimes(Map.of(1L, new OneThread("a", 2), 2L, new OneThread("b", 1)));
    var after = new ThreadTimes(Map.of(1L, new OneThread("a", 5), 3L, new OneThread("c", 4)));

    assertThat(after.since(before))
        .isEqualTo(Map.of(1L, new OneThread("a", 3), 3L, new OneThread("c", 4)));
  }

  @Test
  void seesTheThreadsOfThisVeryProcess() throws Exception {
    Needed.that(Files.exists(Path.of("/proc/self/task")), "no Linux here");

    assertThat(ThreadTimes.of(ProcessHandle.current().pid()).threads().values())
        .anyMatch(thread -> thread.name().startsWith("C1 ") && thread.cpuSeconds() >= 0);
  }
}
