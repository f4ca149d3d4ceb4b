package io.sallyport.agent.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.state.Sync;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process ends in the middle of something. */
class OutboxKilledTest {
  private static final Limits LIMITS =
      new Limits(64 << 20, 1_000_000, 4096, Limits.WhenFull.REFUSE_NEWEST);

  @TempDir private Path folder;

  @Test
  void nothingThatWasTakenIsLostAtAnyInstant() throws Exception {
    var random = new Random(20261123);
    Set<String> kept = new LinkedHashSet<>();
    Set<String> gone = new LinkedHashSet<>();
    var first = 1;
    for (var round = 0; round < 6; round++) {
      var child = child(List.of(), first);
      try (var lines =
          new BufferedReader(
              new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
        var after = 1 + random.nextInt(400);
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
          first = note(line, kept, gone, first);
          if (after-- == 0) {
            // Of the handle: the process object would close what is still to be read.
            child.toHandle().destroyForcibly();
          }
        }
      }
      child.waitFor();
      // The one that was being said when it ended may be there or not.
      first += 1;
    }
    try (var outbox = Outbox.open(folder, LIMITS, Sync.PROCESS)) {
      var there = new ArrayList<String>();
      for (var one = outbox.next(); one != null; one = outbox.next()) {
        there.add(new String(one.payload(), StandardCharsets.UTF_8));
      }
      var wanted = new LinkedHashSet<>(kept);
      wanted.removeAll(gone);
      assertThat(there).containsAll(wanted).doesNotHaveDuplicates();
      var numbers =
          there.stream()
              .map(text -> Integer.parseInt(text.substring("message ".length())))
              .toList();
      assertThat(numbers).isSorted();
    }
  }

  /** A file that may grow no further is what a full disk is to a process. */
  @Test
  void aFullDiskRefusesAndRecovers() throws Exception {
    Set<String> kept = new LinkedHashSet<>();
    Set<String> gone = new LinkedHashSet<>();
    var failed = 0;
    var child = child(List.of("/bin/sh", "-c", "ulimit -f 4; exec \"$@\"", "sh"), 1);
    try (var lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line, kept, gone, 0);
        failed += line.startsWith("failed") ? 1 : 0;
      }
    }
    child.waitFor();
    assertThat(failed).isPositive();
    try (var outbox = Outbox.open(folder, LIMITS, Sync.PROCESS)) {
      assertThat(outbox.counts().failed()).isEqualTo(failed);
      assertThat(outbox.put("t", new byte[1])).isPositive();
      assertThat(outbox.counts().waiting()).isEqualTo(kept.size() - gone.size() + 1);
    }
  }

  private static int note(String line, Set<String> kept, Set<String> gone, int first) {
    if (line.startsWith("kept ")) {
      kept.add("message " + line.substring(5));
      return Integer.parseInt(line.substring(5)) + 1;
    }
    if (line.startsWith("gone ")) {
      gone.add(line.substring(5));
    }
    return first;
  }

  private Process child(List<String> before, int first) throws Exception {
    var words = new ArrayList<>(before);
    words.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            TalkingChild.class.getName(),
            folder.toString(),
            String.valueOf(first)));
    return new ProcessBuilder(words)
        .redirectError(Files.createTempFile(folder.getParent(), "err", ".txt").toFile())
        .start();
  }
}
