package io.sallyport.gateway.defence;

import io.netty.util.concurrent.Ticker;
import io.sallyport.identity.PrincipalId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How fast each device may publish, over all its connections. What a device has taken is remembered
 * after its last connection until it has it back, so that nobody gains by coming again.
 */
public final class DeviceRates {
  private final Ticker ticker;
  private final Map<PrincipalId, Allowance> allowances = new ConcurrentHashMap<>();
  private volatile DefenceSettings settings;

  public DeviceRates(DefenceSettings settings, Ticker ticker) {
    this.settings = settings;
    this.ticker = ticker;
  }

  /**
   * Takes other rates, at once. A device that has no allowance yet has to ask for one.
   *
   * @return whether they are other ones
   */
  public boolean take(DefenceSettings changed) {
    var before = settings;
    settings = changed;
    if (before.messagesPerSecond() == changed.messagesPerSecond()
        && before.bytesPerSecond() == changed.bytesPerSecond()) {
      return false;
    }
    allowances.values().forEach(allowance -> allowance.begin(changed));
    return true;
  }

  /** What a publication has too much of. */
  public enum Excess {
    NONE,
    MESSAGES,
    BYTES
  }

  /** What one device may still publish; to be released by each connection that asked for it. */
  public static final class Allowance {
    private final Ticker ticker;
    private @Nullable TokenBucket messages;
    private @Nullable TokenBucket bytes;
    private int holders;

    private Allowance(DefenceSettings rates, Ticker ticker) {
      this.ticker = ticker;
      begin(rates);
    }

    private synchronized void begin(DefenceSettings rates) {
      long now = ticker.nanoTime();
      messages = bucket(rates.messagesPerSecond(), now);
      bytes = bucket(rates.bytesPerSecond(), now);
    }

    private static @Nullable TokenBucket bucket(long perSecond, long now) {
      return perSecond == 0 ? null : new TokenBucket(perSecond, now);
    }

    /** Takes a publication of so many bytes, or nothing of it. */
    public synchronized Excess take(int size) {
      long now = ticker.nanoTime();
      if (messages != null && !messages.has(1, now)) {
        return Excess.MESSAGES;
      }
      if (bytes != null && !bytes.has(size, now)) {
        return Excess.BYTES;
      }
      spend(size, now);
      return Excess.NONE;
    }

    /** Takes a publication in any case. */
    public synchronized void force(int size) {
      spend(size, ticker.nanoTime());
    }

    /** How long until it has been paid for. */
    public synchronized long debtNanos() {
      long now = ticker.nanoTime();
      return Math.max(
          messages == null ? 0 : messages.debtNanos(now), bytes == null ? 0 : bytes.debtNanos(now));
    }

    private void spend(int size, long now) {
      if (messages != null) {
        messages.spend(1, now);
      }
      if (bytes != null) {
        bytes.spend(size, now);
      }
    }

    private synchronized boolean isOver() {
      long now = ticker.nanoTime();
      return holders == 0
          && (messages == null || messages.isFull(now))
          && (bytes == null || bytes.isFull(now));
    }
  }

  /** The device's, for one connection of it; null if devices may publish as fast as they can. */
  public @Nullable Allowance of(PrincipalId id) {
    var rates = settings;
    if (rates.messagesPerSecond() == 0 && rates.bytesPerSecond() == 0) {
      return null;
    }
    return allowances.compute(
        id,
        (_, known) -> {
          var allowance = known == null ? new Allowance(rates, ticker) : known;
          allowance.holders++;
          return allowance;
        });
  }

  /** A connection that asked for it is gone. */
  public void release(PrincipalId id) {
    allowances.computeIfPresent(
        id,
        (_, known) -> {
          known.holders--;
          return known;
        });
  }

  /** Forgets devices that are away and have everything back; to be called now and then. */
  public void sweep() {
    for (var id : allowances.keySet()) {
      allowances.computeIfPresent(id, (_, known) -> known.isOver() ? null : known);
    }
  }

  int devices() {
    return allowances.size();
  }
}
