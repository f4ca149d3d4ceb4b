package io.sallyport.gateway.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;

/**
 * The topics that are the server's own: no client publishes there, whatever its policy says. Below
 * {@code $aws/things} a client asks and the service answers, so that nobody can pass off an answer
 * as the service's (AWS IoT developer guide, "Reserved topics").
 */
final class ReservedTopics {
  private static final byte[] SYSTEM = "$SYS".getBytes(US_ASCII);
  private static final byte[] SHARE = "$share".getBytes(US_ASCII);
  private static final byte[] EVENTS = "$aws/events".getBytes(US_ASCII);
  private static final byte[] THINGS = "$aws/things".getBytes(US_ASCII);
  private static final byte[] COMMANDS = "$aws/commands".getBytes(US_ASCII);
  private static final byte[] RESPONSE = "response".getBytes(US_ASCII);
  private static final List<byte[]> ANSWERS =
      List.of(
          "accepted".getBytes(US_ASCII),
          "rejected".getBytes(US_ASCII),
          "delta".getBytes(US_ASCII),
          "documents".getBytes(US_ASCII),
          "notify".getBytes(US_ASCII),
          "notify-next".getBytes(US_ASCII));

  private ReservedTopics() {}

  static boolean contains(byte[] topic) {
    return topic[0] == '$'
        && (isAtOrBelow(topic, SYSTEM)
            || isAtOrBelow(topic, SHARE)
            || isAtOrBelow(topic, EVENTS)
            || (isAtOrBelow(topic, THINGS) && isAnswer(topic))
            || (isAtOrBelow(topic, COMMANDS) && !isResponse(topic)));
  }

  private static boolean isAnswer(byte[] topic) {
    int last = levelBefore(topic, topic.length);
    return ANSWERS.stream().anyMatch(word -> isLevel(topic, last, topic.length, word));
  }

  /** A device's answer to a command ends in {@code response}, or so with a format behind it. */
  private static boolean isResponse(byte[] topic) {
    int last = levelBefore(topic, topic.length);
    return isLevel(topic, last, topic.length, RESPONSE)
        || (last > 0 && isLevel(topic, levelBefore(topic, last - 1), last - 1, RESPONSE));
  }

  /** Where the level begins that ends there. */
  private static int levelBefore(byte[] topic, int end) {
    int from = end;
    while (from > 0 && topic[from - 1] != '/') {
      from--;
    }
    return from;
  }

  private static boolean isLevel(byte[] topic, int from, int to, byte[] word) {
    return Arrays.equals(topic, from, to, word, 0, word.length);
  }

  private static boolean isAtOrBelow(byte[] topic, byte[] prefix) {
    return topic.length >= prefix.length
        && (topic.length == prefix.length || topic[prefix.length] == '/')
        && Arrays.equals(topic, 0, prefix.length, prefix, 0, prefix.length);
  }
}
