package io.sallyport.gateway.mqtt;

import io.sallyport.exchange.Reason;
import org.jspecify.annotations.Nullable;

/** What a topic name and a topic filter may look like (MQTT 5, 4.7 and 4.8.2). */
public final class TopicSyntax {
  private static final String SHARE = "$share/";

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
    if (!filter.startsWith(SHARE) && !filter.equals("$share")) {
      return isPlainFilter(filter, levelsMax);
    }
    var group = shareGroup(filter);
    return group != null && isPlainFilter(unshared(filter), levelsMax);
  }

  /** The group of a shared filter, or null if it is none or is not well formed. */
  public static @Nullable String shareGroup(String filter) {
    if (!filter.startsWith(SHARE)) {
      return null;
    }
    int slash = filter.indexOf('/', SHARE.length());
    if (slash <= SHARE.length()) {
      return null;
    }
    var group = filter.substring(SHARE.length(), slash);
    return group.indexOf('+') < 0 && group.indexOf('#') < 0 ? group : null;
  }

  /** The filter without {@code $share/<group>/}. */
  public static String unshared(String filter) {
    if (!filter.startsWith(SHARE)) {
      return filter;
    }
    return filter.substring(filter.indexOf('/', SHARE.length()) + 1);
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
