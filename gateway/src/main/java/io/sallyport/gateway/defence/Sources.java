package io.sallyport.gateway.defence;

import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What sources have taken of their handshakes, and which of them are banned. */
public final class Sources {
  private static final int BITS_V4 = 24;
  private static final int BITS_V6 = 56;

  private final List<AddressBlock> trusted;
  private final int unfinishedMax;
  private final HandshakeBudget budget;
  private final Bans bans;
  private final Ticker ticker;

  // Bound: each entry has an unfinished handshake, of which there are so many in total.
  private final Map<AddressBlock, Integer> unfinished = new ConcurrentHashMap<>();

  /**
   * Sources of which nothing is known yet.
   *
   * @param trusted who is never banned and not bound by what one source may take: those of the
   *     settings, and the load balancers
   */
  public Sources(DefenceSettings settings, List<AddressBlock> trusted, Bans bans, Ticker ticker) {
    this.trusted = List.copyOf(trusted);
    this.unfinishedMax = settings.handshakesMaxOfSource();
    this.bans = bans;
    this.ticker = ticker;
    this.budget =
        new HandshakeBudget(
            settings.handshakesPerSecond(),
            settings.handshakesPerSecondOfSource(),
            ticker.nanoTime());
  }

  public boolean isBanned(InetAddress address) {
    return bans.isBanned(address);
  }

  /** A handshake failed, or an authorisation after it. */
  public void failed(InetAddress address, String reason) {
    if (!isTrusted(address)) {
      bans.failed(address, reason);
    }
  }

  /** Takes one of the source's places for unfinished handshakes; false if there is none. */
  public boolean enter(InetAddress address) {
    if (isTrusted(address)) {
      return true;
    }
    var entered = unfinished.compute(source(address), (_, known) -> known == null ? 1 : known + 1);
    if (entered <= unfinishedMax) {
      return true;
    }
    leave(address);
    return false;
  }

  /** Gives the place back. */
  public void leave(InetAddress address) {
    if (!isTrusted(address)) {
      unfinished.computeIfPresent(source(address), (_, known) -> known == 1 ? null : known - 1);
    }
  }

  /** Whether a full handshake may begin now; takes it. */
  public boolean beginsHandshake(InetAddress address) {
    return budget.take(bound(address), ticker.nanoTime());
  }

  /** Whether what looks like a ticket of ours may be tried for free. */
  public boolean believesTicket(InetAddress address) {
    var source = bound(address);
    return source == null || budget.isInCredit(source, ticker.nanoTime());
  }

  /** What looked like a ticket was none: it counts as the full handshake that it was. */
  public void falseTicket(InetAddress address) {
    budget.charge(bound(address), ticker.nanoTime());
  }

  private @Nullable AddressBlock bound(InetAddress address) {
    return isTrusted(address) ? null : source(address);
  }

  private boolean isTrusted(InetAddress address) {
    for (var block : trusted) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static AddressBlock source(InetAddress address) {
    return AddressBlock.of(address, BITS_V4, BITS_V6);
  }
}
