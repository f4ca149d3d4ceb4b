package io.sallyport.policy.mosquitto;

import io.sallyport.policy.mosquitto.AclLine.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An ACL file as Mosquitto 2.0.11 reads it: what it refuses to start with is refused here. */
public final class AclFile {
  /** Bound: the longest file, in characters. */
  public static final int LENGTH_MAX = 4 << 20;

  private static final Scope ANONYMOUS = new Scope.Anonymous();
  private static final Scope EVERYBODY = new Scope.Everybody();
  private static final Map<String, Set<Access>> ACCESS_WORDS =
      Map.of(
          "read", Set.of(Access.READ),
          "write", Set.of(Access.WRITE),
          "readwrite", Set.of(Access.READ, Access.WRITE),
          "deny", Set.of());

  private final List<AclLine> lines;
  private final Map<Scope, List<AclLine>> byScope;

  private AclFile(List<AclLine> lines) {
    this.lines = List.copyOf(lines);
    this.byScope =
        lines.stream()
            .collect(
                Collectors.groupingBy(
                    AclLine::scope, LinkedHashMap::new, Collectors.toUnmodifiableList()));
  }

  /** Reads the text of a file. */
  public static AclFile parse(String text) throws MalformedAcl {
    if (text.length() > LENGTH_MAX) {
      throw new MalformedAcl(1, "longer than " + LENGTH_MAX + " characters");
    }
    var reader = new Reader();
    int number = 0;
    for (var line : text.split("\n", -1)) {
      reader.read(++number, line);
    }
    return new AclFile(reader.lines);
  }

  static boolean isAccessWord(String word) {
    return ACCESS_WORDS.containsKey(word);
  }

  /** Every rule in the order of the file. */
  List<AclLine> lines() {
    return lines;
  }

  List<AclLine> patterns() {
    return of(EVERYBODY);
  }

  List<AclLine> anonymous() {
    return of(ANONYMOUS);
  }

  List<AclLine> of(Scope scope) {
    return byScope.getOrDefault(scope, List.of());
  }

  /** The user names that have rules, in the order of the file. */
  List<String> users() {
    var users = new ArrayList<String>();
    for (var scope : byScope.keySet()) {
      if (scope instanceof Scope.User(var name)) {
        users.add(name);
      }
    }
    return users;
  }

  /** Keeps whom the following lines are for. */
  private static final class Reader {
    final List<AclLine> lines = new ArrayList<>();
    private Scope scope = ANONYMOUS;

    void read(int number, String raw) throws MalformedAcl {
      if (raw.indexOf('\0') >= 0) {
        throw new MalformedAcl(number, "a NUL character");
      }
      var line = trimmedEnd(raw);
      // Only in the first column: Mosquitto takes ' # x' for a line that it does not know.
      if (line.startsWith("#")) {
        return;
      }
      var words = new Words(line);
      var keyword = words.next();
      switch (keyword) {
        case "" -> {
          // A blank line.
        }
        case "user" -> scope = new Scope.User(userName(number, words));
        case "topic" -> lines.add(rule(number, line, scope, words));
        case "pattern" -> lines.add(rule(number, line, EVERYBODY, words));
        default -> throw new MalformedAcl(number, unknown(keyword));
      }
    }

    private static String unknown(String keyword) {
      if (keyword.strip().startsWith("#")) {
        return "a comment must begin in the first column";
      }
      return keyword.indexOf('\t') >= 0
          ? "a TAB separates nothing in an ACL file: write spaces"
          : "not 'user', 'topic' or 'pattern': '" + shown(keyword) + "'";
    }

    private static String userName(int number, Words words) throws MalformedAcl {
      var name = trimmed(words.rest());
      if (name.isEmpty()) {
        throw new MalformedAcl(number, "a user line without a name");
      }
      return name;
    }

    private static AclLine rule(int number, String line, Scope scope, Words words)
        throws MalformedAcl {
      var word = words.next();
      if (word.isEmpty()) {
        throw new MalformedAcl(number, "a rule without a topic");
      }
      var rest = words.rest();
      var filter = rest.isEmpty() ? word : trimmed(rest);
      var grants = ACCESS_WORDS.get(rest.isEmpty() ? "readwrite" : word);
      if (grants == null) {
        throw new MalformedAcl(
            number, "not 'read', 'write', 'readwrite' or 'deny': '" + shown(word) + "'");
      }
      if (!Filters.isValid(filter)) {
        throw new MalformedAcl(number, "not a topic filter: '" + shown(filter) + "'");
      }
      return new AclLine(number, trimmed(line), scope, grants, filter);
    }
  }

  private static String shown(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  /** Words separated by spaces, and by nothing else. */
  private static final class Words {
    private final String line;
    private int at;

    Words(String line) {
      this.line = line;
    }

    /** The next word, or the empty string. */
    String next() {
      while (at < line.length() && line.charAt(at) == ' ') {
        at++;
      }
      int start = at;
      while (at < line.length() && line.charAt(at) != ' ') {
        at++;
      }
      var word = line.substring(start, at);
      at = Math.min(at + 1, line.length());
      return word;
    }

    String rest() {
      return line.substring(at);
    }
  }

  private static String trimmed(String text) {
    int start = 0;
    while (start < text.length() && isBlank(text.charAt(start))) {
      start++;
    }
    return trimmedEnd(text.substring(start));
  }

  private static String trimmedEnd(String text) {
    int end = text.length();
    while (end > 0 && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** What C's {@code isspace} holds for. */
  private static boolean isBlank(char letter) {
    return letter == ' ' || (letter >= '\t' && letter <= '\r');
  }
}
