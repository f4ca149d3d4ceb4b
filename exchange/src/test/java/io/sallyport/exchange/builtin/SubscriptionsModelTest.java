package io.sallyport.exchange.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Subscription;
import io.sallyport.identity.PrincipalId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tree of subscriptions, and that of retained messages, against a naive matcher. */
class SubscriptionsModelTest {
  private static final String[] LEVELS = {"a", "b", "", "$x", "ä", "+", "#"};

  @TempDir Path directory;

  /** MQTT 5, 4.7, in as few lines as possible. */
  static boolean matches(String filter, String topic) {
    String[] f = filter.split("/", -1);
    String[] t = topic.split("/", -1);
    if (topic.startsWith("$") && (f[0].equals("#") || f[0].equals("+"))) {
      return false;
    }
    for (int i = 0; i < f.length; i++) {
      if (f[i].equals("#")) {
        return true;
      }
      if (i >= t.length || !(f[i].equals("+") || f[i].equals(t[i]))) {
        return false;
      }
    }
    return f.length == t.length;
  }

  static boolean matchesUpToTheParent(String filter, String topic) {
    return matches(filter, topic)
        || (filter.endsWith("/#") && matches(filter.substring(0, filter.length() - 2), topic));
  }

  @Test
  void theTreeAgreesWithTheNaiveMatcher() throws SQLException {
    try (var store = StoreFile.open(directory, 100)) {
      Journal journal = new Journal(new Database(store), 0);
      for (int seed = 0; seed < 2_000; seed++) {
        compare(seed, journal);
      }
    }
  }

  private static void compare(int seed, Journal journal) {
    SplittableRandom random = new SplittableRandom(seed);
    Subscriptions tree = new Subscriptions();
    RetainedMessages retained = new RetainedMessages(() -> ExchangeLimits.DEFAULTS);
    List<SessionState> sessions = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sessions.add(session(i, journal));
    }
    Map<String, Set<String>> model = new TreeMap<>();
    Set<String> kept = new TreeSet<>();
    for (int step = 0; step < 30; step++) {
      SessionState session = sessions.get(random.nextInt(sessions.size()));
      String filter = filter(random);
      var filters = model.computeIfAbsent(session.clientId, _ -> new TreeSet<>());
      if (random.nextInt(3) > 0) {
        tree.add(session, new Subscription(filter, 1, false, false, 0, 0));
        filters.add(filter);
      } else {
        String gone = filters.isEmpty() ? filter : filters.iterator().next();
        tree.remove(session, gone);
        filters.remove(gone);
      }
      String topic = topic(random);
      boolean keep = random.nextInt(4) > 0;
      retained.put(message(topic, keep ? "x" : ""), () -> true);
      boolean _ = keep ? kept.add(topic) : kept.remove(topic);
      assertThat(receivers(tree, topic))
          .as("seed %s, topic '%s' of %s", seed, topic, model)
          .isEqualTo(expected(model, topic));
      assertThat(topics(retained, filter))
          .as("seed %s, filter '%s' of %s", seed, filter, kept)
          .isEqualTo(expectedTopics(kept, filter));
    }
    long subscriptions = model.values().stream().mapToLong(Set::size).sum();
    assertThat(tree.count()).isEqualTo(subscriptions);
    assertThat(retained.count()).isEqualTo(kept.size());
  }

  private static Set<String> receivers(Subscriptions tree, String topic) {
    byte[] utf8 = topic.getBytes(StandardCharsets.UTF_8);
    Set<String> found = new TreeSet<>();
    for (Receiver receiver : tree.match(utf8, Arrays.hashCode(utf8)).receivers) {
      assertThat(found.add(receiver.session.clientId)).as("one delivery each").isTrue();
    }
    return found;
  }

  private static Set<String> expected(Map<String, Set<String>> model, String topic) {
    TreeSet<String> expected = new TreeSet<>();
    model.forEach(
        (client, filters) -> {
          if (filters.stream().anyMatch(filter -> matchesUpToTheParent(filter, topic))) {
            expected.add(client);
          }
        });
    return expected;
  }

  private static Set<String> topics(RetainedMessages retained, String filter) {
    TreeSet<String> topics = new TreeSet<>();
    for (Message message : retained.match(filter, 0)) {
      topics.add(message.topicText());
    }
    return topics;
  }

  private static Set<String> expectedTopics(Set<String> kept, String filter) {
    Set<String> expected = new TreeSet<>(kept);
    expected.removeIf(topic -> !matchesUpToTheParent(filter, topic));
    return expected;
  }

  private static String filter(SplittableRandom random) {
    int length = 1 + random.nextInt(4);
    List<String> levels = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      String level = LEVELS[random.nextInt(LEVELS.length)];
      levels.add(level);
      if (level.equals("#")) {
        break;
      }
    }
    return String.join("/", levels);
  }

  private static String topic(SplittableRandom random) {
    int length = 1 + random.nextInt(4);
    List<String> levels = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      levels.add(LEVELS[random.nextInt(LEVELS.length - 2)]);
    }
    return String.join("/", levels);
  }

  private static Message message(String topic, String payload) {
    return World.message("someone", topic, payload, 0, true);
  }

  private static SessionState session(int id, Journal journal) {
    PrincipalId principal = new PrincipalId("client-" + id);
    Counters counters = new Counters(() -> Long.MAX_VALUE);
    return new SessionState(
        id,
        principal,
        principal.value(),
        new Facilities(() -> ExchangeLimits.DEFAULTS, counters, journal, InstantSource.system()));
  }
}
