package io.sallyport.gateway.defence;

import io.sallyport.identity.PrincipalId;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices one identity that is used by two devices: it comes from one place, from another, and from
 * the first again, several times within a while. A device that moves does not come back so often;
 * two that push each other out do. An address counts as in bans: one of IPv4, a /64 of IPv6.
 */
public final class CloneWatch {
  private static final int BITS_V4 = 32;
  private static final int BITS_V6 = 64;

  private final CloneSettings settings;
  private final LongSupplier nanos;
  // The one that has been quiet for the longest comes first.
  private final LinkedHashMap<PrincipalId, Trail> trails = new LinkedHashMap<>(16, 0.75f, true);

  public CloneWatch(CloneSettings settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
  }

  /** What is remembered of an identity; there is one for each device, so it is small. */
  private static final class Trail {
    private AddressBlock here;
    private @Nullable AddressBlock before;

    /** When it came back, a ring; nothing for who never did. */
    private long @Nullable [] returns;

    private int count;

    Trail(AddressBlock here) {
      this.here = here;
    }

    /** Whether it is back at the place before this one. */
    boolean moves(AddressBlock to) {
      boolean returns = to.equals(before);
      before = here;
      here = to;
      return returns;
    }

    /** Whether it has come back so often since a moment, now counted. */
    boolean returned(int often, long now, long window) {
      var ring = returns == null ? new long[often] : returns;
      returns = ring;
      ring[count % often] = now;
      // Kept small; from the second round on only its place in the ring matters.
      count = count + 1 < 2 * often ? count + 1 : often;
      // The one that will be overwritten next is the oldest.
      if (count < often || now - ring[count % often] > window) {
        return false;
      }
      // Told once; the next time takes as many again.
      returns = null;
      count = 0;
      return true;
    }
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
    var place = AddressBlock.of(from, BITS_V4, BITS_V6);
    var trail = trails.computeIfAbsent(who, _ -> new Trail(place));
    if (trails.size() > settings.identitiesMax()) {
      trails.pollFirstEntry();
    }
    if (trail.here.equals(place)) {
      return Optional.empty();
    }
    var other = trail.here;
    boolean suspected =
        trail.moves(place)
            && trail.returned(settings.returns(), nanos.getAsLong(), settings.window().toNanos());
    return suspected ? Optional.of(other.toString()) : Optional.empty();
  }
}
