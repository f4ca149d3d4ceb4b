package io.sallyport.control.messaging;

import java.util.List;

/** A topic filter of a service, to find out whose a topic is (MQTT 5, 4.7). */
record TopicPattern(List<String> levels) {
  // $aws/things/<thing>, devices/<id>: what comes before belongs to one device.
  private static final int HEAD_LEVELS = 3;

  TopicPattern {
    levels = List.copyOf(levels);
  }

  static TopicPattern of(String filter) {
    return new TopicPattern(List.of(filter.split("/", -1)));
  }

  /** The levels of a topic that say whose it is. */
  static String head(String topic) {
    int most = topic.startsWith("$") ? HEAD_LEVELS : HEAD_LEVELS - 1;
    int end = -1;
    for (int level = 0; level < most; level++) {
      int next = topic.indexOf('/', end + 1);
      if (next < 0) {
        return topic;
      }
      end = next;
    }
    return topic.substring(0, end);
  }

  boolean matches(String topic) {
    var names = topic.split("/", -1);
    for (int i = 0; i < levels.size(); i++) {
      var level = levels.get(i);
      if (level.equals("#")) {
        return true;
      }
      if (i >= names.length || !(level.equals("+") || level.equals(names[i]))) {
        return false;
      }
    }
    return names.length == levels.size();
  }
}
