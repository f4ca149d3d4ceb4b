package io.sallyport.exchange.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.ExchangeStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of a few clients against a model that fits on a page: connects, drops,
 * takeovers, subscriptions, publications of every kind, restarts. A seed is one history.
 */
class ExchangeModelTest {
  private static final int SEEDS = Integer.getInteger("exchange.model.seeds", 2_000);

  /** Histories that share a directory, one after another, before it is thrown away. */
  private static final int SEEDS_TOGETHER = 50;

  private static final int STEPS = 30;
  private static final String[] TOPICS = {"a", "a/b", "b"};
  private static final String[] FILTERS = {"a", "a/#", "+", "b", "#"};

  /** What a client should have. */
  private static final class Expected {
    final Client client;
    boolean persistent;
    boolean online;
    boolean stored;
    final Map<String, Integer> filters = new TreeMap<>();
    final List<String> due = new ArrayList<>();

    Expected(Client client) {
      this.client = client;
    }

    void end() {
      stored = false;
      filters.clear();
      due.clear();
    }
  }

  private final Map<String, String> retained = new TreeMap<>();
  private final List<Expected> clients = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private int published;

  @Test
  void everyHistoryGivesEveryClientExactlyWhatTheModelGives(@TempDir Path directory)
      throws IOException {
    for (int first = 0; first < SEEDS; first += SEEDS_TOGETHER) {
      try (World world = World.careless(Files.createDirectory(directory.resolve("from" + first)))) {
        for (int seed = first; seed < first + SEEDS_TOGETHER; seed++) {
          play(world, new SplittableRandom(seed), seed);
        }
      }
    }
  }

  private void play(World world, SplittableRandom random, int seed) {
    clients.clear();
    history.clear();
    for (int i = 0; i < 3; i++) {
      clients.add(new Expected(world.client("c" + i)));
    }
    for (int step = 0; step < STEPS; step++) {
      step(world, random);
      compare(seed);
    }
    for (Expected expected : clients) {
      connect(expected, true, 0);
      disconnect(expected, true);
    }
    for (String topic : List.copyOf(retained.keySet())) {
      connect(clients.getFirst(), true, 0);
      publish(clients.getFirst(), topic, "", 1, true);
      disconnect(clients.getFirst(), true);
    }
    assertNothingIsLeft(world.exchange.statistics(), seed);
  }

  private void step(World world, SplittableRandom random) {
    Expected one = clients.get(random.nextInt(clients.size()));
    int choice = random.nextInt(100);
    if (choice < 1) {
      restart(world);
    } else if (!one.online || choice < 8) {
      connect(one, random.nextInt(4) == 0, random.nextInt(3) == 0 ? 0 : World.FOREVER);
    } else if (choice < 18) {
      disconnect(one, random.nextBoolean());
    } else if (choice < 35) {
      subscribe(one, FILTERS[random.nextInt(FILTERS.length)], random.nextInt(3));
    } else if (choice < 42) {
      unsubscribe(one, FILTERS[random.nextInt(FILTERS.length)]);
    } else {
      boolean retain = random.nextInt(5) == 0;
      String payload = retain && random.nextInt(4) == 0 ? "" : "m" + ++published;
      publish(one, TOPICS[random.nextInt(TOPICS.length)], payload, random.nextInt(3), retain);
    }
  }

  private void note(String what) {
    history.add(what);
  }

  private void connect(Expected one, boolean cleanStart, long expiry) {
    note(one.client.id + " connects, clean=" + cleanStart + " expiry=" + expiry);
    boolean present = one.stored && !cleanStart && (!one.online || one.persistent);
    if (!present) {
      one.end();
    }
    one.client.read();
    one.client.connect(cleanStart, expiry);
    one.online = true;
    one.stored = true;
    one.persistent = expiry > 0;
    // What waited comes with the CONNACK, so that is put into what is due too.
    one.due.addFirst("CONNACK" + (present ? " present" : ""));
  }

  private void disconnect(Expected one, boolean orderly) {
    if (!one.online) {
      return;
    }
    note(one.client.id + (orderly ? " disconnects" : " drops"));
    if (orderly) {
      one.client.disconnect();
    } else {
      one.client.drop();
    }
    away(one);
  }

  private static void away(Expected one) {
    one.online = false;
    if (!one.persistent) {
      one.end();
    }
  }

  private void restart(World world) {
    note("restart");
    world.restart();
    clients.forEach(ExchangeModelTest::away);
    clients.forEach(one -> one.client.read());
  }

  private void subscribe(Expected one, String filter, int qos) {
    note(one.client.id + " subscribes " + filter + " q" + qos);
    one.client.subscribe(filter, qos);
    one.filters.put(filter, qos);
    retained.forEach(
        (topic, message) -> {
          if (matches(filter, topic)) {
            int publishedQos = message.charAt(0) - '0';
            one.due.add(packet(topic, message.substring(1), Math.min(qos, publishedQos), true));
          }
        });
  }

  private void unsubscribe(Expected one, String filter) {
    note(one.client.id + " unsubscribes " + filter);
    one.client.unsubscribe(filter);
    one.filters.remove(filter);
  }

  private void publish(Expected one, String topic, String payload, int qos, boolean retain) {
    note(one.client.id + " publishes " + topic + " " + payload + " q" + qos + " " + retain);
    if (retain) {
      one.client.retain(topic, payload, qos);
      if (payload.isEmpty()) {
        retained.remove(topic);
      } else {
        retained.put(topic, qos + payload);
      }
    } else {
      one.client.publish(topic, payload, qos);
    }
    for (Expected receiver : clients) {
      Integer granted = granted(receiver, topic);
      if (granted != null) {
        int delivered = Math.min(granted, qos);
        if (receiver.online || delivered > 0) {
          receiver.due.add(packet(topic, payload, delivered, false));
        }
      }
    }
  }

  private static @Nullable Integer granted(Expected receiver, String topic) {
    return receiver.filters.entrySet().stream()
        .filter(entry -> matches(entry.getKey(), topic))
        .map(Map.Entry::getValue)
        .max(Integer::compare)
        .orElse(null);
  }

  private static boolean matches(String filter, String topic) {
    return SubscriptionsModelTest.matchesUpToTheParent(filter, topic);
  }

  private static String packet(String topic, String payload, int qos, boolean retain) {
    return "PUBLISH " + topic + " " + payload + " q" + qos + (retain ? " retain" : "");
  }

  private void compare(int seed) {
    for (Expected expected : clients) {
      List<String> got =
          expected.client.read().stream()
              .filter(packet -> packet.startsWith("PUBLISH ") || packet.startsWith("CONNACK"))
              .toList();
      if (expected.online) {
        assertThat(sortedRetained(got))
            .as("seed %s, client %s after %s", seed, expected.client.id, history)
            .isEqualTo(sortedRetained(expected.due));
        expected.due.clear();
      } else {
        assertThat(got).as("seed %s, %s is away", seed, expected.client.id).isEmpty();
      }
    }
  }

  /** Retained messages of one SUBSCRIBE come in any order. */
  private static List<String> sortedRetained(List<String> packets) {
    List<String> sorted = new ArrayList<>();
    packets.stream().filter(packet -> !packet.endsWith(" retain")).forEach(sorted::add);
    packets.stream().filter(packet -> packet.endsWith(" retain")).sorted().forEach(sorted::add);
    return sorted;
  }

  private void assertNothingIsLeft(ExchangeStatistics statistics, int seed) {
    assertThat(
            List.of(
                statistics.sessionsOnline(),
                statistics.sessionsStored(),
                statistics.subscriptions(),
                statistics.retained(),
                statistics.retainedBytes(),
                statistics.queued(),
                statistics.queuedBytes()))
        .as("seed %s after %s", seed, history)
        .containsOnly(0L);
  }
}
