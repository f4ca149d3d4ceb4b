package io.sallyport.exchange.builtin;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.RetainedPage;
import io.sallyport.identity.PrincipalId;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last message of each topic that was published to be kept: a tree of topic levels, with an
 * index by publisher. The store is told to write a topic as it is at that moment, so that the order
 * in which publishers' threads come does not matter.
 */
final class RetainedMessages {
  /** One level of the topics. */
  private static final class Node {
    final Map<String, Node> children = new HashMap<>(2);
    @Nullable Message message;
  }

  private final Supplier<ExchangeLimits> inForce;
  private final Node root = new Node();
  private final Map<PrincipalId, Set<String>> topicsByPublisher = new HashMap<>();

  /** The same by topic, for {@link #page}, which must not make publishers wait. */
  private final ConcurrentNavigableMap<String, Message> byTopic = new ConcurrentSkipListMap<>();

  private int count;
  private long bytes;

  /** The earliest moment at which something expires. */
  private long expiresFirst = Message.NEVER;

  RetainedMessages(Supplier<ExchangeLimits> inForce) {
    this.inForce = inForce;
  }

  synchronized int count() {
    return count;
  }

  synchronized long bytes() {
    return bytes;
  }

  /**
   * Keeps the message instead of the one before, or forgets that one if the payload is empty.
   *
   * @param stillTrusted asked under the lock, so that nothing is kept after a purge
   * @return false if a bound is reached
   */
  synchronized boolean put(Message message, BooleanSupplier stillTrusted) {
    if (!stillTrusted.getAsBoolean()) {
      return false;
    }
    String topic = message.topicText();
    if (message.payload().length == 0) {
      remove(topic);
      return true;
    }
    Message before = find(topic);
    ExchangeLimits limits = inForce.get();
    int countAfter = count + (before == null ? 1 : 0);
    long bytesAfter = bytes + message.weight() - (before == null ? 0 : before.weight());
    if (depth(topic) >= TopicFilter.LEVELS_MAX
        || countAfter > limits.retainedMessages()
        || bytesAfter > limits.retainedBytes()) {
      return false;
    }
    keep(message, topic);
    return true;
  }

  private static long depth(String topic) {
    return topic.chars().filter(c -> c == '/').count();
  }

  /** Puts back what the store held. */
  synchronized void recover(Message message) {
    keep(message, message.topicText());
  }

  private void keep(Message message, String topic) {
    remove(topic);
    Node node = root;
    for (String level : topic.split("/", -1)) {
      node = node.children.computeIfAbsent(level, _ -> new Node());
    }
    node.message = message;
    byTopic.put(topic, message);
    count++;
    bytes += message.weight();
    expiresFirst = Math.min(expiresFirst, message.expiresAtMillis());
    topicsByPublisher.computeIfAbsent(message.publisher(), _ -> new LinkedHashSet<>()).add(topic);
  }

  private @Nullable Message remove(String topic) {
    String[] levels = topic.split("/", -1);
    Deque<Node> path = new ArrayDeque<>(levels.length + 1);
    path.push(root);
    for (String level : levels) {
      Node next = path.element().children.get(level);
      if (next == null) {
        return null;
      }
      path.push(next);
    }
    Message removed = path.element().message;
    if (removed == null) {
      return null;
    }
    path.element().message = null;
    byTopic.remove(topic);
    for (int i = levels.length - 1; i >= 0; i--) {
      Node node = path.pop();
      if (node.message != null || !node.children.isEmpty()) {
        break;
      }
      path.element().children.remove(levels[i]);
    }
    count--;
    bytes -= removed.weight();
    forgetPublisher(removed.publisher(), topic);
    return removed;
  }

  private void forgetPublisher(PrincipalId publisher, String topic) {
    Set<String> topics = topicsByPublisher.get(publisher);
    if (topics != null) {
      topics.remove(topic);
      if (topics.isEmpty()) {
        topicsByPublisher.remove(publisher);
      }
    }
  }

  synchronized @Nullable Message find(String topic) {
    Node node = root;
    for (String level : topic.split("/", -1)) {
      node = node.children.get(level);
      if (node == null) {
        return null;
      }
    }
    return node.message;
  }

  /** Has the store hold what is kept for a topic now. */
  void write(String topic, Database database) throws SQLException {
    Message message = find(topic);
    if (message == null) {
      database.deleteRetained(topic.getBytes(StandardCharsets.UTF_8));
    } else {
      database.putRetained(message);
    }
  }

  /** What comes after a topic, taking no lock; expired messages count but are left out. */
  RetainedPage page(String after, int most, long mostBytes, long nowMillis) {
    List<Message> found = new ArrayList<>();
    long seenBytes = 0;
    int seen = 0;
    for (Map.Entry<String, Message> entry : byTopic.tailMap(after, false).entrySet()) {
      Message message = entry.getValue();
      if (message.expiresAtMillis() > nowMillis) {
        found.add(message);
      }
      seen++;
      seenBytes += message.weight();
      if (seen >= most || seenBytes >= mostBytes) {
        return new RetainedPage(found, entry.getKey());
      }
    }
    return new RetainedPage(found, null);
  }

  /** Forgets everything that a principal wrote; answers the topics. */
  synchronized List<String> purge(PrincipalId publisher) {
    List<String> topics = List.copyOf(topicsByPublisher.getOrDefault(publisher, Set.of()));
    topics.forEach(this::remove);
    return topics;
  }

  /** Forgets what has expired; answers the topics. */
  synchronized List<String> expire(long nowMillis) {
    if (nowMillis < expiresFirst) {
      return List.of();
    }
    expiresFirst = Message.NEVER;
    List<Message> all = new ArrayList<>();
    collectAll(root, all);
    List<String> topics = new ArrayList<>();
    for (Message message : all) {
      if (message.expiresAtMillis() <= nowMillis) {
        topics.add(message.topicText());
      } else {
        expiresFirst = Math.min(expiresFirst, message.expiresAtMillis());
      }
    }
    topics.forEach(this::remove);
    return topics;
  }

  /** The messages that a filter matches and that have not expired. */
  synchronized List<Message> match(String filter, long nowMillis) {
    List<Message> found = new ArrayList<>();
    collect(root, filter, 0, found);
    found.removeIf(message -> message.expiresAtMillis() <= nowMillis);
    return found;
  }

  /** Goes down one level; filters and retained topics have a bounded number of levels. */
  private static void collect(Node node, String filter, int from, List<Message> found) {
    if (from > filter.length()) {
      add(node.message, found);
      return;
    }
    int end = TopicFilter.levelEnd(filter, from);
    String level = filter.substring(from, end);
    if (level.equals("#")) {
      if (from > 0) {
        collectAll(node, found);
      } else {
        node.children.forEach((name, child) -> collectUnlessHidden(name, child, found));
      }
    } else if (level.equals("+")) {
      for (Map.Entry<String, Node> child : node.children.entrySet()) {
        if (from > 0 || !child.getKey().startsWith("$")) {
          collect(child.getValue(), filter, end + 1, found);
        }
      }
    } else {
      Node child = node.children.get(level);
      if (child != null) {
        collect(child, filter, end + 1, found);
      }
    }
  }

  private static void collectUnlessHidden(String name, Node child, List<Message> found) {
    if (!name.startsWith("$")) {
      collectAll(child, found);
    }
  }

  private static void collectAll(Node node, List<Message> found) {
    add(node.message, found);
    for (Node child : node.children.values()) {
      collectAll(child, found);
    }
  }

  private static void add(@Nullable Message message, List<Message> found) {
    if (message != null) {
      found.add(message);
    }
  }
}
