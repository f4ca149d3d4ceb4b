package io.sallyport.agent.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.agent.outbox.Limits.WhenFull;
import io.sallyport.agent.state.Sync;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
  private static final Limits SMALL = new Limits(4096, 50, 1024, WhenFull.DROP_OLDEST);

  @TempDir private Path folder;

  @Test
  void handsOutInOrderAndForgetsWhatIsAcknowledged() {
    try (var outbox = open(SMALL)) {
      say(outbox, 1, 3);

      assertThat(text(outbox.next())).isEqualTo("message 1");
      assertThat(text(outbox.next())).isEqualTo("message 2");
      outbox.acknowledged(1);
      outbox.acknowledged(2);
      outbox.acknowledged(2);

      assertThat(outbox.counts().waiting()).isEqualTo(1);
      assertThat(text(outbox.next())).isEqualTo("message 3");
      assertThat(outbox.next()).isNull();
    }
  }

  @Test
  void whatWasOnItsWayGoesAgainAfterANewConnection() {
    try (var outbox = open(SMALL)) {
      say(outbox, 1, 4);
      outbox.next();
      outbox.next();
      outbox.acknowledged(1);
      outbox.rewind();

      assertThat(rest(outbox)).containsExactly("message 2", "message 3", "message 4");
    }
  }

  @Test
  void anAcknowledgementOutOfTurnLosesNothing() {
    try (var outbox = open(SMALL)) {
      say(outbox, 1, 2);
      outbox.next();
      outbox.next();
      outbox.acknowledged(2);
    }
    try (var outbox = open(SMALL)) {
      assertThat(rest(outbox)).containsExactly("message 1", "message 2");
    }
  }

  @Test
  void isThereAfterTheProcessEnded() {
    try (var outbox = open(SMALL)) {
      say(outbox, 1, 30);
      outbox.next();
      outbox.acknowledged(1);
    }
    try (var outbox = open(SMALL)) {
      assertThat(outbox.counts().waiting()).isEqualTo(29);
      assertThat(rest(outbox)).hasSize(29).startsWith("message 2").endsWith("message 30");
      assertThat(outbox.put("t", new byte[1])).isEqualTo(31);
    }
  }

  @Test
  void theOldestGiveWayAndAreCounted() {
    try (var outbox = open(SMALL)) {
      say(outbox, 1, 60);

      assertThat(outbox.counts().waiting()).isEqualTo(50);
      assertThat(outbox.counts().dropped()).isEqualTo(10);
      assertThat(rest(outbox)).startsWith("message 11").endsWith("message 60");
    }
  }

  @Test
  void theOldestGiveWayAlsoWhileTheyAreOnTheirWay() {
    try (var outbox = open(SMALL)) {
      say(outbox, 1, 50);
      outbox.next();
      outbox.next();
      say(outbox, 51, 51);
      outbox.acknowledged(1);
      outbox.acknowledged(2);

      assertThat(outbox.counts().waiting()).isEqualTo(49);
      assertThat(outbox.counts().dropped()).isEqualTo(1);
    }
  }

  @Test
  void theNewestIsRefusedWhereThatIsTheChoice() {
    var limits = new Limits(4096, 50, 1024, WhenFull.REFUSE_NEWEST);
    try (var outbox = open(limits)) {
      say(outbox, 1, 60);

      assertThat(outbox.put("t", new byte[1])).isZero();
      assertThat(outbox.counts().refused()).isEqualTo(11);
      assertThat(rest(outbox)).startsWith("message 1").endsWith("message 50");
    }
    try (var outbox = open(limits)) {
      assertThat(outbox.counts().refused()).isEqualTo(11);
    }
  }

  @Test
  void bytesAreBoundedOnTheDiskToo() throws IOException {
    try (var outbox = open(new Limits(4096, 1_000_000, 1024, WhenFull.DROP_OLDEST))) {
      for (var i = 0; i < 2_000; i++) {
        outbox.put("devices/d/telemetry", new byte[200]);
      }

      assertThat(outbox.counts().waitingBytes()).isLessThanOrEqualTo(4096);
      assertThat(onDisk()).isLessThan(2 * (4096 + 1024));
      assertThat(outbox.put("t", new byte[4096])).isZero();
    }
  }

  @Test
  void refusesWhatNoRecordHolds() {
    try (var outbox = open(SMALL)) {
      assertThatThrownBy(() -> outbox.put("t", new byte[Telemetry.PAYLOAD_MAX + 1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Limits(10, 1, 1024, WhenFull.DROP_OLDEST))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** As a power cut leaves it: whatever the last bytes are, what was whole is there. */
  @Test
  void cutsOffWhatWasNotWrittenWhole() throws IOException {
    var random = new Random(7);
    for (var round = 0; round < 200; round++) {
      clear();
      var limits = new Limits(1 << 20, 1000, 1 << 20, WhenFull.DROP_OLDEST);
      try (var outbox = open(limits)) {
        say(outbox, 1, 5);
      }
      var file = folder.resolve("%019d.log".formatted(1));
      var bytes = Files.readAllBytes(file);
      var one = bytes.length / 5;
      var end = random.nextInt(bytes.length);
      var torn = java.util.Arrays.copyOf(bytes, end);
      if (round % 2 == 1) {
        torn = bytes.clone();
        torn[end] ^= (byte) (1 + random.nextInt(255));
      }
      Files.write(file, torn);
      try (var outbox = open(limits)) {
        var found = rest(outbox);
        assertThat(found).hasSizeGreaterThanOrEqualTo(end / one).hasSizeLessThanOrEqualTo(5);
        for (var i = 0; i < found.size(); i++) {
          assertThat(found.get(i)).isEqualTo("message " + (i + 1));
        }
        assertThat(outbox.put("t", "after".getBytes(StandardCharsets.UTF_8))).isPositive();
        assertThat(rest(outbox)).containsExactly("after");
      }
    }
  }

  @Test
  void aLostCursorOnlySendsAgain() throws IOException {
    try (var outbox = open(SMALL)) {
      say(outbox, 1, 3);
      outbox.next();
      outbox.acknowledged(1);
    }
    Files.write(folder.resolve("cursor"), new byte[100]);
    try (var outbox = open(SMALL)) {
      assertThat(rest(outbox)).containsExactly("message 1", "message 2", "message 3");
    }
  }

  /** Against a queue in memory, with everything that can happen in any order. */
  @Test
  void agreesWithAQueueInMemory() {
    for (var seed = 0; seed < 40; seed++) {
      clear();
      var random = new Random(seed);
      var model = new ArrayDeque<String>();
      var sent = new ArrayDeque<Long>();
      var said = 0;
      var outbox = open(SMALL);
      for (var step = 0; step < 400; step++) {
        switch (random.nextInt(6)) {
          case 0, 1 -> {
            var text = "message " + ++said;
            outbox.put("t", text.getBytes(StandardCharsets.UTF_8));
            model.add(text);
            if (model.size() > 50) {
              model.removeFirst();
              sent.pollFirst();
            }
          }
          case 2, 3 -> {
            var next = outbox.next();
            if (next != null) {
              sent.add(next.sequence());
            }
          }
          case 4 -> {
            if (!sent.isEmpty()) {
              outbox.acknowledged(sent.removeFirst());
              model.removeFirst();
            }
          }
          default -> {
            sent.clear();
            if (random.nextBoolean()) {
              outbox.rewind();
            } else {
              outbox.close();
              outbox = open(SMALL);
            }
          }
        }
        assertThat(outbox.counts().waiting()).isEqualTo(model.size());
      }
      outbox.rewind();
      assertThat(rest(outbox)).containsExactlyElementsOf(model);
      outbox.close();
    }
  }

  private Outbox open(Limits limits) {
    return Outbox.open(folder, limits, Sync.PROCESS);
  }

  private static void say(Outbox outbox, int from, int to) {
    for (var i = from; i <= to; i++) {
      outbox.put("t", ("message " + i).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static List<String> rest(Outbox outbox) {
    var all = new ArrayList<String>();
    for (var one = outbox.next(); one != null; one = outbox.next()) {
      all.add(text(one));
    }
    return all;
  }

  private static String text(@org.jspecify.annotations.Nullable Telemetry record) {
    return record == null ? "" : new String(record.payload(), StandardCharsets.UTF_8);
  }

  private long onDisk() throws IOException {
    try (var files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private void clear() {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
