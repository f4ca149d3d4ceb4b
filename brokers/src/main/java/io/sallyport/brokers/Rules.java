package io.sallyport.brokers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may write and read what, from a list in the words of mosquitto: so every broker has the very
 * rules that mosquitto has.
 */
final class Rules {
  /** To write to topics, or to subscribe to filters, that a filter covers. */
  record Right(boolean isToWrite, String filter) {
    /** Whether each topic of the other filter is one of this one's. */
    boolean covers(String other) {
      var own = filter.split("/", -1);
      var asked = other.split("/", -1);
      for (var level = 0; level < own.length; level++) {
        if (own[level].equals("#")) {
          return true;
        }
        if (level >= asked.length || asked[level].equals("#")) {
          return false;
        }
        if (!own[level].equals("+") && !own[level].equals(asked[level])) {
          return false;
        }
      }
      return own.length == asked.length;
    }
  }

  /** A right of one user, or of all, with their name in it. */
  private record Rule(@Nullable String user, Right right) {}

  private final List<Rule> rules;

  private Rules(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Whom no list binds. */
  static Rules none() {
    return new Rules(List.of());
  }

  static Rules read(Path list) throws IOException {
    return of(Files.readAllLines(list));
  }

  static Rules of(List<String> lines) {
    var rules = new ArrayList<Rule>();
    @Nullable String user = null;
    for (var line : lines) {
      var words = line.split(" ", 3);
      switch (words[0]) {
        case "user" -> user = words[1];
        case "topic" -> rules.add(new Rule(user, right(words)));
        case "pattern" -> rules.add(new Rule(null, right(words)));
        default -> throw new IllegalArgumentException("no rule: " + line);
      }
    }
    return new Rules(rules);
  }

  private static Right right(String[] words) {
    return switch (words[1]) {
      case "write" -> new Right(true, words[2]);
      case "read" -> new Right(false, words[2]);
      default -> throw new IllegalArgumentException("neither to write nor to read: " + words[1]);
    };
  }

  /** All rights of somebody. */
  Stream<Right> of(String id) {
    return rules.stream()
        .filter(rule -> rule.user() == null || rule.user().equals(id))
        .map(Rule::right)
        .map(right -> new Right(right.isToWrite(), right.filter().replace("%u", id)));
  }

  boolean mayWrite(String id, String topic) {
    return of(id).anyMatch(right -> right.isToWrite() && right.covers(topic));
  }

  boolean mayRead(String id, String filter) {
    return of(id).anyMatch(right -> !right.isToWrite() && right.covers(filter));
  }
}
