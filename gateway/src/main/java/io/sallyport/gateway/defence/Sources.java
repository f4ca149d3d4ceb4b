package io.sallyport.gateway.defence;

import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What sources have taken of their handshakes, and which of them are banned. Its terms may change
 * while it is in use.
 */
public final class Sources {
  private static final int BITS_V4 = 24;
  private static final int BITS_V6 = 56;

  private final Bans bans;
  private final Ticker ticker;
  private volatile Terms terms;

  // Bound: each entry has an unfinished handshake, of which there are so many in total.
  private final Map<AddressBlock, Integer> unfinished = new ConcurrentHashMap<>();

  /** What is in force. */
  private record Terms(
      DefenceSettings settings, List<AddressBlock> trusted, HandshakeBudget budget) {}

  /**
   * Sources of which nothing is known yet.
   *
   * @param trusted who is never banned and not bound by what one source may take: those of the
   *     settings, and the load balancers
   */
  public Sources(DefenceSettings settings, List<AddressBlock> trusted, Bans bans, Ticker ticker) {
    this.bans = bans;
    this.ticker = ticker;
    this.terms = new Terms(settings, List.copyOf(trusted), budget(settings));
  }

  private HandshakeBudget budget(DefenceSettings settings) {
    return new HandshakeBudget(
        settings.handshakesPerSecond(), settings.handshakesPerSecondOfSource(), ticker.nanoTime());
  }

  /**
   * Takes other terms, from the next handshake or failure on. Whoever is trusted now is not banned
   * any more; rates that have not changed go on with what was taken of them.
   */
  public void take(DefenceSettings changed, List<AddressBlock> trusted) {
    var before = terms;
    boolean sameRates =
        before.settings.handshakesPerSecond() == changed.handshakesPerSecond()
            && before.settings.handshakesPerSecondOfSource()
                == changed.handshakesPerSecondOfSource();
    terms = new Terms(changed, List.copyOf(trusted), sameRates ? before.budget : budget(changed));
    bans.take(changed.bans());
    trusted.forEach(bans::pardon);
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
    // Those who are not bound by it are counted too: they may be so by the time they leave.
    int entered = unfinished.merge(source(address), 1, Integer::sum);
    if (entered <= terms.settings.handshakesMaxOfSource() || isTrusted(address)) {
      return true;
    }
    leave(address);
    return false;
  }

  /** How many places the source has that are not given back; 0 if it is not bound by that. */
  public int held(InetAddress address) {
    return isTrusted(address) ? 0 : unfinished.getOrDefault(source(address), 0);
  }

  /** Gives the place back. */
  public void leave(InetAddress address) {
    unfinished.computeIfPresent(source(address), (_, known) -> known == 1 ? null : known - 1);
  }

  /** Whether a full handshake may begin now; takes it. */
  public boolean beginsHandshake(InetAddress address) {
    return terms.budget.take(bound(address), ticker.nanoTime());
  }

  /** Whether what looks like a ticket of ours may be tried for free. */
  public boolean believesTicket(InetAddress address) {
    var source = bound(address);
    return source == null || terms.budget.isInCredit(source, ticker.nanoTime());
  }

  /** What looked like a ticket was none: it counts as the full handshake that it was. */
  public void falseTicket(InetAddress address) {
    terms.budget.charge(bound(address), ticker.nanoTime());
  }

  private @Nullable AddressBlock bound(InetAddress address) {
    return isTrusted(address) ? null : source(address);
  }

  private boolean isTrusted(InetAddress address) {
    for (var block : terms.trusted) {
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
