package io.sallyport.gateway.defence;

import io.sallyport.identity.PrincipalId;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Notices one identity that is used by two devices: it comes from one place, from another, and from
 * the first again, several times within a while. A device that moves does not come back so often;
 * two that push each other out do. An address counts as in bans: one of IPv4, a /64 of IPv6.
 */
public final class CloneWatch {
  private static final int BITS_V4 = 32;
  private static final int BITS_V6 = 64;
  // Bound: places that are remembered of one identity; who has more does not alternate.
  private static final int PLACES = 4;

  private final CloneSettings settings;
  private final LongSupplier nanos;
  // The one that has been quiet for the longest comes first.
  private final LinkedHashMap<PrincipalId, Trail> trails = new LinkedHashMap<>(16, 0.75f, true);

  public CloneWatch(CloneSettings settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
  }

  /** What is remembered of an identity. */
  private static final class Trail {
    /** Where it came from, the latest first. */
    private final Deque<AddressBlock> places = new ArrayDeque<>(PLACES);

    /** When it came back to a place, the latest last. */
    private final Deque<Long> returns = new ArrayDeque<>();
  }

  /**
   * Somebody was let in.
   *
   * @return the place before this one, if by now the two are taken for two devices
   */
  public synchronized Optional<String> arrived(PrincipalId who, InetAddress from) {
    if (settings.returns() == 0) {
      return Optional.empty();
    }
    var trail = trails.computeIfAbsent(who, _ -> new Trail());
    forgetOldest();
    var place = AddressBlock.of(from, BITS_V4, BITS_V6);
    var before = trail.places.peekFirst();
    if (place.equals(before)) {
      return Optional.empty();
    }
    boolean returned = trail.places.remove(place);
    trail.places.addFirst(place);
    if (trail.places.size() > PLACES) {
      trail.places.removeLast();
    }
    if (before == null || !returned) {
      return Optional.empty();
    }
    return isOneTooMany(trail) ? Optional.of(before.toString()) : Optional.empty();
  }

  private boolean isOneTooMany(Trail trail) {
    long now = nanos.getAsLong();
    var returns = trail.returns;
    returns.addLast(now);
    while (now - returns.getFirst() > settings.window().toNanos()) {
      returns.removeFirst();
    }
    if (returns.size() < settings.returns()) {
      return false;
    }
    // Told once; the next time takes as many again.
    returns.clear();
    return true;
  }

  private void forgetOldest() {
    if (trails.size() > settings.identitiesMax()) {
      Map.Entry<PrincipalId, Trail> oldest = trails.firstEntry();
      trails.remove(oldest.getKey());
    }
  }
}
