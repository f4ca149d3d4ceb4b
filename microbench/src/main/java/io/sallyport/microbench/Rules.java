package io.sallyport.microbench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What one device may do, as every engine here is told in its own language: two rules that deny and
 * the rest that allow; and the questions that all of them are asked.
 */
record Rules(List<Rule> all) {
  static final String DEVICE = "device-0001";

  /** Bound: more than any memo of ours remembers, so that each question is a new one to it. */
  private static final int FRESH = 4_096;

  private static final String REPEATED = "devices/device-0001/events/00042";

  /** A rule about publishing to all topics that begin with the prefix. */
  record Rule(boolean allows, String prefix) {}

  /** So many rules, of which the questions concern the first few. */
  static Rules of(int count) {
    var rules = new ArrayList<Rule>();
    var own = "devices/" + DEVICE + "/";
    rules.add(new Rule(false, own + "events/forbidden/"));
    rules.add(new Rule(false, own + "firmware/"));
    rules.add(new Rule(true, own + "events/"));
    rules.add(new Rule(true, own + "telemetry/"));
    for (int i = rules.size(); i < count; i++) {
      rules.add(new Rule(true, "devices/line-%04d/cell-%d/".formatted(i, i % 7)));
    }
    return new Rules(List.copyOf(rules));
  }

  /** An allowed topic of 32 bytes. */
  static String repeated() {
    return REPEATED;
  }

  /** Allowed topics of 32 bytes, all different. */
  static List<String> fresh() {
    var topics = new ArrayList<String>();
    for (int i = 0; i < FRESH; i++) {
      topics.add("devices/" + DEVICE + "/events/%05d".formatted(i));
    }
    return List.copyOf(topics);
  }

  /** The topics as they come in a packet. */
  static byte[][] packets(List<String> topics) {
    return topics.stream()
        .map(topic -> topic.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }
}
