package io.sallyport.exchange.builtin;

import org.jspecify.annotations.Nullable;

/**
 * A filter of a SUBSCRIBE taken apart.
 *
 * @param group the name of the shared subscription, or null
 * @param pattern the filter proper
 */
record TopicFilter(@Nullable String group, String pattern) {
  private static final String SHARE = "$share/";

  /** Bound: filters with more levels are refused, so that matching is never deep. */
  static final int LEVELS_MAX = 128;

  /** Reads a filter that is valid by MQTT's rules. */
  static TopicFilter of(String filter) {
    if (!filter.startsWith(SHARE)) {
      return new TopicFilter(null, filter);
    }
    int end = filter.indexOf('/', SHARE.length());
    return end < 0
        ? new TopicFilter(null, filter)
        : new TopicFilter(filter.substring(SHARE.length(), end), filter.substring(end + 1));
  }

  boolean isShared() {
    return group != null;
  }

  boolean isTooDeep() {
    return pattern.chars().filter(c -> c == '/').count() >= LEVELS_MAX;
  }

  /** The end of the level that begins at an index: the next separator, or the end of the text. */
  static int levelEnd(String text, int from) {
    int slash = text.indexOf('/', from);
    return slash < 0 ? text.length() : slash;
  }
}
