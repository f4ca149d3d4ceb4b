package io.sallyport.control.enrolment.claim;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which ids a claim may enrol: ids, and patterns in which {@code *} stands for any characters and
 * {@code ?} for one.
 */
public record IdPatterns(List<String> patterns) {
  /** Bound: ids and patterns of one claim. */
  public static final int PATTERNS_MAX = 1_000;

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9:_*?-]{1,64}");

  public IdPatterns {
    patterns = List.copyOf(patterns);
  }

  /** What is wrong with them. */
  Optional<String> malformation() {
    if (patterns.isEmpty() || patterns.size() > PATTERNS_MAX) {
      return Optional.of("1 to " + PATTERNS_MAX + " ids or patterns");
    }
    return patterns.stream()
        .filter(pattern -> !FORM.matcher(pattern).matches())
        .findFirst()
        .map(pattern -> "'" + pattern + "' is 1 to 64 characters of A-Z a-z 0-9 : _ - * ?");
  }

  /** Whether an id is among them. */
  boolean include(String id) {
    return patterns.stream().anyMatch(pattern -> fits(pattern, id));
  }

  /** In at most so many steps as both are long, multiplied: a pattern cannot be made to hang. */
  private static boolean fits(String pattern, String id) {
    int at = 0;
    int of = 0;
    int star = -1;
    int mark = 0;
    while (at < id.length()) {
      if (of < pattern.length() && pattern.charAt(of) == '*') {
        star = of++;
        mark = at;
      } else if (of < pattern.length()
          && (pattern.charAt(of) == '?' || pattern.charAt(of) == id.charAt(at))) {
        of++;
        at++;
      } else if (star >= 0) {
        of = star + 1;
        at = ++mark;
      } else {
        return false;
      }
    }
    while (of < pattern.length() && pattern.charAt(of) == '*') {
      of++;
    }
    return of == pattern.length();
  }

  String written() {
    return String.join("\n", patterns);
  }

  static IdPatterns read(String text) {
    return new IdPatterns(Arrays.asList(text.split("\n")));
  }
}
