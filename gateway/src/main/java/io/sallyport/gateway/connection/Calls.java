package io.sallyport.gateway.connection;

import io.sallyport.exchange.Subscription;
import io.sallyport.gateway.topic.DeviceDoor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one client asks the server itself on its connection: how often, and under which filters it
 * hears the answers.
 */
final class Calls {
  private static final int MINUTE_TICKS = DeadlineWheel.ticks(Duration.ofMinutes(1));

  // Bound: the filters that the door has; nothing else comes here.
  private final Map<String, Subscription> kept = new HashMap<>(0);
  private final Window lately = new Window();
  private int requests;
  private boolean isWorkedOn;

  /** Keeps a subscription, in the place of one with the same filter. */
  void keep(Subscription subscription) {
    kept.put(subscription.filter(), subscription);
  }

  /** Forgets one; whether there was one. */
  boolean forget(String filter) {
    return kept.remove(filter) != null;
  }

  /** The subscription under which a topic is heard; null if under none. */
  @Nullable Subscription hearing(String topic) {
    var exact = kept.get(topic);
    return exact != null ? exact : kept.get(topic.substring(0, topic.lastIndexOf('/') + 1) + "+");
  }

  /** Whether one more request is worked on now: one at a time, and not too many. */
  boolean begins(int tick) {
    if (isWorkedOn
        || requests >= DeviceDoor.REQUESTS_MAX
        || lately.count(tick, MINUTE_TICKS) > DeviceDoor.REQUESTS_PER_MINUTE_MAX) {
      return false;
    }
    requests++;
    isWorkedOn = true;
    return true;
  }

  void ended() {
    isWorkedOn = false;
  }
}
