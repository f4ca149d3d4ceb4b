package io.sallyport.policy.mosquitto;

import java.nio.charset.StandardCharsets;

/** Topic filters as plain text: which are valid, and what they match (MQTT 5, 4.7). */
final class Filters {
  private static final int BYTES_MAX = 65_535;
  // Mosquitto's own bound, which makes a deeper filter an invalid one.
  private static final int SLASHES_MAX = 200;

  private Filters() {}

  static boolean isValid(String filter) {
    if (filter.isEmpty()
        || filter.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX
        || filter.chars().filter(letter -> letter == '/').count() > SLASHES_MAX) {
      return false;
    }
    var levels = filter.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      var level = levels[i];
      boolean rest = level.equals("#") && i == levels.length - 1;
      boolean plain = level.indexOf('+') < 0 && level.indexOf('#') < 0;
      if (!plain && !rest && !level.equals("+")) {
        return false;
      }
    }
    return true;
  }

  static boolean matches(String filter, String topic) {
    if (filter.isEmpty() || topic.isEmpty() || isDollar(filter) != isDollar(topic)) {
      return false;
    }
    var wanted = filter.split("/", -1);
    var levels = topic.split("/", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].equals("#")) {
        return true;
      }
      if (i == levels.length || !(wanted[i].equals("+") || wanted[i].equals(levels[i]))) {
        // 'a/#' matches 'a' too, for which there is no level left here.
        return false;
      }
      if (i == levels.length - 1 && i == wanted.length - 2 && wanted[i + 1].equals("#")) {
        return true;
      }
    }
    return wanted.length == levels.length;
  }

  private static boolean isDollar(String name) {
    return name.startsWith("$");
  }
}
