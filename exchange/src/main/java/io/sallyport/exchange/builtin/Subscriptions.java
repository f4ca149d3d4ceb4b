package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Subscription;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** Who subscribed to what: a tree of topic levels. Every change makes a new epoch. */
final class Subscriptions {
  private static final Receiver[] NO_RECEIVERS = {};
  private static final SharedGroup[] NO_GROUPS = {};

  /** One level of the filters. */
  private static final class Node {
    final Few<String, Node> children = new Few<>();
    final Few<SessionState, Receiver> receivers = new Few<>();
    final Few<String, SharedGroup> groups = new Few<>();

    boolean isEmpty() {
      return children.isEmpty() && receivers.isEmpty() && groups.isEmpty();
    }
  }

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Node root = new Node();
  private volatile long epoch;
  private volatile long count;

  long epoch() {
    return epoch;
  }

  long count() {
    return count;
  }

  void add(SessionState session, Subscription subscription) {
    TopicFilter filter = TopicFilter.of(subscription.filter());
    lock.writeLock().lock();
    try {
      Node node = root;
      for (String level : levels(filter.pattern())) {
        node = node.children.get(level, Node::new);
      }
      boolean isNew;
      if (filter.group() == null) {
        isNew = node.receivers.put(session, Receiver.of(session, subscription)) == null;
      } else {
        isNew = node.groups.get(filter.group(), SharedGroup::new).put(session, subscription);
      }
      changed(isNew ? 1 : 0);
    } finally {
      lock.writeLock().unlock();
    }
  }

  void remove(SessionState session, String sentFilter) {
    TopicFilter filter = TopicFilter.of(sentFilter);
    lock.writeLock().lock();
    try {
      List<String> levels = levels(filter.pattern());
      Deque<Node> path = new ArrayDeque<>(levels.size() + 1);
      path.push(root);
      for (String level : levels) {
        Node next = path.element().children.get(level);
        if (next == null) {
          return;
        }
        path.push(next);
      }
      boolean removed = removeAt(path.element(), session, filter.group());
      prune(path, levels);
      changed(removed ? -1 : 0);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private static boolean removeAt(Node node, SessionState session, @Nullable String groupName) {
    if (groupName == null) {
      return node.receivers.remove(session) != null;
    }
    SharedGroup group = node.groups.get(groupName);
    if (group == null) {
      return false;
    }
    boolean removed = group.remove(session);
    if (group.isEmpty()) {
      node.groups.remove(groupName);
    }
    return removed;
  }

  private static void prune(Deque<Node> path, List<String> levels) {
    for (String level : levels.reversed()) {
      if (!path.pop().isEmpty()) {
        return;
      }
      path.element().children.remove(level);
    }
  }

  // The write lock is held, so nobody else counts.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void changed(int difference) {
    count += difference;
    epoch++;
  }

  /** Finds the receivers of a topic. */
  Route match(byte[] topic, int hash) {
    String text = new String(topic, StandardCharsets.UTF_8);
    lock.readLock().lock();
    try {
      List<Node> found = new ArrayList<>(4);
      collect(root, text, 0, found);
      return new Route(topic, hash, epoch, receivers(found), groups(found));
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Goes down one level; as deep as the deepest filter at most, which is bounded. */
  private static void collect(Node node, String topic, int from, List<Node> found) {
    boolean wildcards = from > 0 || !topic.startsWith("$");
    if (wildcards) {
      // "a/#" matches "a" too: when nothing follows, the level above asks for it.
      addIfPresent(node.children.get("#"), found);
    }
    if (from > topic.length()) {
      addIfPresent(node, found);
      return;
    }
    int end = TopicFilter.levelEnd(topic, from);
    Node same = node.children.get(topic.substring(from, end));
    if (same != null) {
      collect(same, topic, end + 1, found);
    }
    Node any = wildcards ? node.children.get("+") : null;
    if (any != null) {
      collect(any, topic, end + 1, found);
    }
  }

  private static void addIfPresent(@Nullable Node node, List<Node> found) {
    if (node != null) {
      found.add(node);
    }
  }

  private static Receiver[] receivers(List<Node> found) {
    Map<SessionState, Receiver> merged = null;
    Node only = null;
    for (Node node : found) {
      if (node.receivers.isEmpty()) {
        continue;
      }
      if (only == null) {
        only = node;
        continue;
      }
      if (merged == null) {
        merged = new LinkedHashMap<>();
        merge(only, merged);
      }
      merge(node, merged);
    }
    if (merged != null) {
      return merged.values().toArray(NO_RECEIVERS);
    }
    return only == null ? NO_RECEIVERS : only.receivers.values().toArray(NO_RECEIVERS);
  }

  private static void merge(Node node, Map<SessionState, Receiver> into) {
    for (Receiver receiver : node.receivers.values()) {
      into.merge(receiver.session, receiver, Receiver::and);
    }
  }

  private static SharedGroup[] groups(List<Node> found) {
    List<SharedGroup> groups = new ArrayList<>(0);
    for (Node node : found) {
      groups.addAll(node.groups.values());
    }
    return groups.isEmpty() ? NO_GROUPS : groups.toArray(NO_GROUPS);
  }

  private static List<String> levels(String filter) {
    return List.of(filter.split("/", -1));
  }
}
