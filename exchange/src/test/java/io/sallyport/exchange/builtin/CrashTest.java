package io.sallyport.exchange.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.ExchangeLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies by SIGKILL in the middle of its work loses nothing that it acknowledged. */
class CrashTest {
  private static final int KILLS = 8;
  private static final ExchangeLimits LIMITS =
      new ExchangeLimits(
          1_000_000, 1L << 30, 1L << 30, 100, 100, 100_000, 1L << 30, 1_000_000, 1_000);

  @Test
  void everythingAcknowledgedIsThereAfterwards(@TempDir Path directory)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(7);
    List<String> acknowledged = new ArrayList<>();
    List<String> received = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      acknowledged.addAll(runAndKill(directory, kill, 20 + random.nextInt(200)));
      if (kill % 3 == 2) {
        received.addAll(readAll(directory));
      }
    }
    received.addAll(readAll(directory));
    Set<String> once = new HashSet<>(received);
    assertThat(acknowledged).isNotEmpty();
    assertThat(once).containsAll(acknowledged);
    assertThat(received).as("nothing was acknowledged by the receiver twice").hasSize(once.size());
    assertThat(numbers(received)).as("in order").isSorted();
  }

  private static List<Integer> numbers(List<String> payloads) {
    return payloads.stream().map(payload -> Integer.parseInt(payload.substring(1))).toList();
  }

  private static List<String> readAll(Path directory) {
    try (World world = new World(directory, LIMITS)) {
      List<String> payloads = world.persistent("reader").payloads();
      Set<String> retained = new HashSet<>(world.clean("late").subscribe("last", 1).payloads());
      assertThat(retained).as("the retained message is the newest or one after").hasSize(1);
      return payloads;
    }
  }

  private static List<String> runAndKill(Path directory, int kill, int afterMessages)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Publisher.class.getName(),
                directory.toString(),
                Integer.toString(kill * 1_000_000))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        acknowledged.add(line);
        if (acknowledged.size() == afterMessages) {
          process.toHandle().destroyForcibly();
        }
        line = lines.readLine();
      }
    }
    process.waitFor();
    // The last line may be cut short; what is cut was acknowledged, but we cannot know what it was.
    acknowledged.removeIf(payload -> !payload.endsWith(";"));
    acknowledged.replaceAll(payload -> payload.substring(0, payload.length() - 1));
    return acknowledged;
  }

  /** The process that is killed: publishes without end, and prints what was acknowledged. */
  static final class Publisher {
    private Publisher() {}

    public static void main(String[] arguments) {
      int number = Integer.parseInt(arguments[1]);
      World world = new World(Path.of(arguments[0]), LIMITS, 1L << 20, Duration.ofMillis(1));
      if (number == 0) {
        world.persistent("reader").subscribe("#", 2).drop();
      }
      // Another client each time: one that lost its state and took up a packet id whose PUBREL was
      // never stored would have its new message taken for the old one, as MQTT 5, 4.3.3 says.
      Client publisher = world.persistent("publisher-" + number);
      publisher.read();
      while (true) {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          number++;
          sent.add("m" + number);
          publisher.send(i == 4 ? "last" : "t", "m" + number, 1 + number % 2, i == 4);
        }
        long answers =
            publisher.read().stream()
                .filter(packet -> packet.startsWith("PUBACK") || packet.startsWith("PUBREC"))
                .filter(packet -> packet.endsWith(" SUCCESS"))
                .count();
        if (answers != sent.size()) {
          throw new IllegalStateException("not all acknowledged: " + answers);
        }
        sent.forEach(payload -> System.out.println(payload + ";"));
      }
    }
  }
}
