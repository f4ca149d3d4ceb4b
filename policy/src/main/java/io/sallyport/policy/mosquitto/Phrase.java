package io.sallyport.policy.mosquitto;

import io.sallyport.policy.mosquitto.AclLine.Scope;
import io.sallyport.policy.mosquitto.Shape.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a resource in the words of an ACL file.
 *
 * @param filter the filter that says it, or less; null if none does
 * @param exact whether it says all of it
 * @param missing patterns that a Deny must take away for the filter to say all of what is left
 * @param cover a filter that certainly says all of it, or null if only everything does
 */
record Phrase(
    @Nullable String filter, boolean exact, List<String> missing, @Nullable String cover) {
  private static final Pattern RESOURCE = Pattern.compile("([a-z*?]+)/(.*)", Pattern.DOTALL);
  private static final Pattern SPECIAL = Pattern.compile("\\$\\{([^}]*)}");
  private static final Set<String> USER_NAMES =
      Set.of("iot:Certificate.Subject.CommonName", "iot:Connection.Thing.ThingName");
  private static final char STAR = Shape.ANY;

  /** Says nothing that an ACL file could say. */
  private static final String VAGUE = "?";

  private static final Phrase UNSPEAKABLE = new Phrase(null, false, List.of(), null);

  Phrase {
    missing = List.copyOf(missing);
  }

  /**
   * The name of a resource of this type; null if it is of another, {@link #VAGUE} if of several.
   */
  static @Nullable String name(String resource, String type) {
    if (resource.equals("*")) {
      return "*";
    }
    var parts = RESOURCE.matcher(resource);
    if (!parts.matches() || parts.group(1).indexOf('*') >= 0 || parts.group(1).indexOf('?') >= 0) {
      return VAGUE;
    }
    return parts.group(1).equals(type) ? parts.group(2) : null;
  }

  /** What a name covers, and possibly more. */
  static Shape shape(String name) {
    var text = SPECIAL.matcher(name.replace('*', STAR).replace('?', STAR)).replaceAll("\0");
    var steps = new ArrayList<Step>();
    for (var level : text.split("/", -1)) {
      int star = level.indexOf(STAR);
      steps.add(new Step.Named(star < 0 ? level : level.substring(0, star + 1)));
      if (star >= 0) {
        steps.add(Shape.MANY);
      }
    }
    return new Shape(false, steps);
  }

  /**
   * Finds the filter.
   *
   * @param user whose rules it is for, or null for a pattern
   */
  static Phrase of(String name, @Nullable String user) {
    var text = new StringBuilder();
    var special = SPECIAL.matcher(name);
    int at = 0;
    while (special.find()) {
      var value = value(special.group(1), user);
      if (value == null || !addPlain(name.substring(at, special.start()), user, text)) {
        return UNSPEAKABLE;
      }
      text.append(value);
      at = special.end();
    }
    return addPlain(name.substring(at), user, text) ? phrase(text.toString(), user) : UNSPEAKABLE;
  }

  private static @Nullable String value(String variable, @Nullable String user) {
    if (variable.length() == 1) {
      return variable;
    }
    if (USER_NAMES.contains(variable)) {
      return user == null ? "%u" : user;
    }
    return variable.equals("iot:ClientId") && user == null ? "%c" : null;
  }

  /** Letters that an ACL file would take for something else have no other spelling there. */
  private static boolean addPlain(String letters, @Nullable String user, StringBuilder text) {
    boolean taken = user == null && (letters.contains("%c") || letters.contains("%u"));
    text.append(letters.replace('*', STAR));
    return !taken
        && letters.indexOf('?') < 0
        && letters.indexOf('+') < 0
        && letters.indexOf('#') < 0;
  }

  private static Phrase phrase(String text, @Nullable String user) {
    var levels = List.of(text.split("/", -1));
    var words = new ArrayList<String>();
    boolean whole = true;
    for (var level : levels) {
      whole &= level.indexOf(STAR) < 0 || level.length() == 1;
      words.add(level.indexOf(STAR) < 0 ? level : "+");
    }
    boolean open = words.getLast().equals("+");
    var cover = cover(words);
    if (!whole) {
      return new Phrase(null, false, List.of(), cover);
    }
    if (words.equals(List.of("+"))) {
      return new Phrase("#", false, List.of("$*"), null);
    }
    // Stars at the end run over any further levels, as a '#' behind the pluses does.
    boolean runs = open && !words.subList(0, tail(words)).contains("+");
    var filter = String.join("/", words) + (runs ? "/#" : "");
    var excess = Wording.of(TopicFilter.of(line(filter, user)), user).excess();
    return new Phrase(filter, excess.isEmpty(), excess, excess.isEmpty() ? filter : cover);
  }

  private static int tail(List<String> words) {
    int tail = words.size();
    while (tail > 0 && words.get(tail - 1).equals("+")) {
      tail--;
    }
    return tail;
  }

  private static @Nullable String cover(List<String> words) {
    int wild = words.indexOf("+");
    if (wild < 0) {
      return String.join("/", words);
    }
    return wild == 0 ? null : String.join("/", words.subList(0, wild)) + "/#";
  }

  /** A rule with this filter. */
  static AclLine line(String filter, @Nullable String user) {
    Scope scope = user == null ? new Scope.Everybody() : new Scope.User(user);
    return new AclLine(1, filter, scope, Set.of(), filter);
  }
}
