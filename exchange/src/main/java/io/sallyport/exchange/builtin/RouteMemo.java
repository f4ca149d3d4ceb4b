package io.sallyport.exchange.builtin;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the last few topics that one publisher used: a device writes on a handful of
 * topics, so nearly every publication is found here. Used by one thread.
 */
final class RouteMemo {
  /** Bound: routes kept for one publisher. */
  private static final int SIZE = 8;

  private final Subscriptions subscriptions;
  private @Nullable Route @Nullable [] routes;

  RouteMemo(Subscriptions subscriptions) {
    this.subscriptions = subscriptions;
  }

  Route find(byte[] topic) {
    @Nullable Route[] known = routes;
    if (known == null) {
      known = new @Nullable Route[SIZE];
      routes = known;
    }
    int hash = Arrays.hashCode(topic);
    int slot = (hash ^ (hash >>> 16)) & (SIZE - 1);
    Route route = known[slot];
    if (route != null
        && route.hash == hash
        && route.epoch == subscriptions.epoch()
        && Arrays.equals(route.topic, topic)) {
      return route;
    }
    Route fresh = subscriptions.match(topic, hash);
    known[slot] = fresh;
    return fresh;
  }
}
