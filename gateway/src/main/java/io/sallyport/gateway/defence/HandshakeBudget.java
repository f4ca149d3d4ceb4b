package io.sallyport.gateway.defence;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many full handshakes may begin, of one source and in total. A source's account is kept as
 * long as there is room; the total holds for those that are forgotten, too.
 */
final class HandshakeBudget {
  /** Bound: sources that are told apart. */
  static final int SOURCES_MAX = 10_000;

  private final int perSecondOfSource;
  private final LinkedHashMap<AddressBlock, TokenBucket> sources =
      new LinkedHashMap<>(16, 0.75f, true);
  private final @Nullable TokenBucket total;

  HandshakeBudget(int perSecond, int perSecondOfSource, long now) {
    this.total = perSecond == 0 ? null : new TokenBucket(perSecond, now);
    this.perSecondOfSource = perSecondOfSource;
  }

  /** Takes one of the total and, unless there is none to take it from, one of the source's. */
  synchronized boolean take(@Nullable AddressBlock source, long now) {
    var own = bucket(source, now);
    if ((own != null && !own.has(1, now)) || (total != null && !total.has(1, now))) {
      return false;
    }
    spend(own, now);
    return true;
  }

  /** Takes one that was not asked for: a ticket was claimed and no resumption came of it. */
  synchronized void charge(@Nullable AddressBlock source, long now) {
    spend(bucket(source, now), now);
  }

  /** Whether a claim from there is worth looking at. */
  synchronized boolean isInCredit(AddressBlock source, long now) {
    var own = bucket(source, now);
    return own == null || own.has(1, now);
  }

  private void spend(@Nullable TokenBucket own, long now) {
    if (own != null) {
      own.spend(1, now);
    }
    if (total != null) {
      total.spend(1, now);
    }
  }

  private @Nullable TokenBucket bucket(@Nullable AddressBlock source, long now) {
    if (source == null || perSecondOfSource == 0) {
      return null;
    }
    var known = sources.get(source);
    if (known == null) {
      if (sources.size() == SOURCES_MAX) {
        sources.pollFirstEntry();
      }
      known = new TokenBucket(perSecondOfSource, now);
      sources.put(source, known);
    }
    return known;
  }

  synchronized int sources() {
    return sources.size();
  }
}
