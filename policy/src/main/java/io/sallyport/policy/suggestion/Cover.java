package io.sallyport.policy.suggestion;

import java.util.ArrayList;
import java.util.List;

/** Whether one resource covers another, as a policy would decide: {@code *} runs over slashes. */
final class Cover {
  private static final String RUN = "*";

  private Cover() {}

  /** Whether every name that fits the second fits the first; variables have one value. */
  static boolean covers(String wide, String narrow) {
    var pattern = tokens(wide);
    var text = tokens(narrow);
    int at = 0;
    int p = 0;
    int back = -1;
    int from = 0;
    while (at < text.size()) {
      if (p < pattern.size() && pattern.get(p).equals(RUN)) {
        back = ++p;
        from = at;
      } else if (p < pattern.size() && pattern.get(p).equals(text.get(at))) {
        p++;
        at++;
      } else if (back >= 0) {
        p = back;
        at = ++from;
      } else {
        return false;
      }
    }
    while (p < pattern.size() && pattern.get(p).equals(RUN)) {
      p++;
    }
    return p == pattern.size();
  }

  /** Letters, runs and whole <code>${...}</code>. */
  private static List<String> tokens(String resource) {
    var tokens = new ArrayList<String>();
    for (int at = 0; at < resource.length(); ) {
      int end = at + Character.charCount(resource.codePointAt(at));
      if (resource.startsWith("${", at)) {
        end = resource.indexOf('}', at) + 1;
      }
      tokens.add(resource.substring(at, end));
      at = end;
    }
    return tokens;
  }
}
