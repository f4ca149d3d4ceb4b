package io.sallyport.exchange.upstream;

import io.sallyport.identity.PrincipalId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sessions that are open, by client id, and those of MQTT 3.1.1 that are to be wiped. */
final class Sessions {
  /** Bound: what is not remembered here stays until the broker expires it. */
  private static final int WIPES_MAX = 10_000;

  /** Bound: who is forgotten here learns once more that it needs a connection of its own. */
  private static final int SUBSCRIBERS_MAX = 100_000;

  private final Map<String, DeviceSession> byClientId = new ConcurrentHashMap<>();
  private final Queue<Footprints.Expired> wipes = new ArrayBlockingQueue<>(WIPES_MAX);
  private final long stuckNanosMax;

  /** Guarded by itself. Client ids that have subscribed, the latest last. */
  private final Map<String, Boolean> subscribers =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > SUBSCRIBERS_MAX;
        }
      };

  Sessions(long stuckNanosMax) {
    this.stuckNanosMax = stuckNanosMax;
  }

  /** How long publications may wait for a device that finishes none. */
  long stuckNanosMax() {
    return stuckNanosMax;
  }

  /** What became of a session that was to be entered. */
  sealed interface Entered {
    /** Somebody else's session has the client id. */
    record Refused() implements Entered {}

    /**
     * It has the client id.
     *
     * @param before who had it until now
     */
    record Done(@Nullable DeviceSession before) implements Entered {}
  }

  /** Enters a session, in the place of the one that had its client id. */
  Entered put(DeviceSession session) {
    Entered[] entered = {new Entered.Refused()};
    byClientId.compute(
        session.opening().clientId(),
        (_, old) -> {
          boolean isAnothers =
              old != null && !old.opening().principal().equals(session.opening().principal());
          if (isAnothers) {
            return old;
          }
          entered[0] = new Entered.Done(old);
          return session;
        });
    return entered[0];
  }

  /** Whether it had its client id until now. */
  boolean remove(DeviceSession session) {
    return byClientId.remove(session.opening().clientId(), session);
  }

  boolean isOpen(String clientId) {
    return byClientId.containsKey(clientId);
  }

  Collection<DeviceSession> all() {
    return byClientId.values();
  }

  List<DeviceSession> of(PrincipalId principal) {
    return byClientId.values().stream()
        .filter(session -> session.opening().principal().equals(principal))
        .toList();
  }

  int count() {
    return byClientId.size();
  }

  /** A device that publishes only has turned out to be none. */
  void subscribes(String clientId) {
    synchronized (subscribers) {
      subscribers.put(clientId, true);
    }
  }

  boolean isSubscriber(String clientId) {
    synchronized (subscribers) {
      return subscribers.containsKey(clientId);
    }
  }

  void wipeLater(String clientId, PrincipalId principal) {
    wipes.offer(new Footprints.Expired(clientId, principal));
  }

  Footprints.@Nullable Expired nextWipe() {
    return wipes.poll();
  }
}
