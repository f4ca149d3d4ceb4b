package io.sallyport.gateway.mqtt;

import io.sallyport.exchange.Reason;
import io.sallyport.policy.SharedFilter;

/** What a topic name and a topic filter may look like (MQTT 5, 4.7 and 4.8.2). */
public final class TopicSyntax {
  private TopicSyntax() {}

  /** Refuses what is not a topic name: empty, with wildcards, or of too many levels. */
  static void checkName(byte[] topic, int levelsMax) throws MalformedPacket {
    if (topic.length == 0) {
      throw new MalformedPacket(Reason.TOPIC_NAME_INVALID, "topic name is empty");
    }
    int levels = 1;
    for (byte b : topic) {
      if (b == '+' || b == '#') {
        throw new MalformedPacket(Reason.TOPIC_NAME_INVALID, "topic name with a wildcard");
      }
      if (b == '/') {
        levels++;
      }
    }
    if (levels > levelsMax) {
      throw new MalformedPacket(Reason.TOPIC_NAME_INVALID, "topic name of too many levels");
    }
  }

  /** Whether this is a filter, shared or not, of a bounded number of levels. */
  public static boolean isFilter(String filter, int levelsMax) {
    var parts = SharedFilter.of(filter);
    return (parts.group() != null || !SharedFilter.isMeantBy(filter))
        && isPlainFilter(parts.filter(), levelsMax);
  }

  private static boolean isPlainFilter(String filter, int levelsMax) {
    int levels = 1;
    int last = filter.length() - 1;
    for (int i = 0; i <= last; i++) {
      char c = filter.charAt(i);
      boolean opens = i == 0 || filter.charAt(i - 1) == '/';
      boolean closes = i == last || filter.charAt(i + 1) == '/';
      if ((c == '#' && !(opens && i == last)) || (c == '+' && !(opens && closes))) {
        return false;
      }
      if (c == '/') {
        levels++;
      }
    }
    return last >= 0 && levels <= levelsMax;
  }
}
