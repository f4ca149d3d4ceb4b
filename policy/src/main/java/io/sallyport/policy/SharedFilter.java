package io.sallyport.policy;

import org.jspecify.annotations.Nullable;

/**
 * A filter as sent, taken apart (MQTT 5, 4.8.2).
 *
 * @param group the share group, or null if the filter has none, or none that is well formed
 * @param filter what is behind {@code $share/<group>/}; without a group all of it
 */
public record SharedFilter(@Nullable String group, String filter) {
  private static final String NAME = "$share";
  private static final String PREFIX = NAME + "/";

  /** Takes a filter apart. */
  public static SharedFilter of(String text) {
    int slash = text.startsWith(PREFIX) ? text.indexOf('/', PREFIX.length()) : -1;
    if (slash <= PREFIX.length()) {
      return new SharedFilter(null, text);
    }
    var group = text.substring(PREFIX.length(), slash);
    return group.indexOf('+') < 0 && group.indexOf('#') < 0
        ? new SharedFilter(group, text.substring(slash + 1))
        : new SharedFilter(null, text);
  }

  /** Whether a filter begins like a shared one, well formed or not. */
  public static boolean isMeantBy(String text) {
    return text.startsWith(PREFIX) || text.equals(NAME);
  }

  /** Whether it matches more than one topic. */
  boolean isWild() {
    return filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0;
  }
}
