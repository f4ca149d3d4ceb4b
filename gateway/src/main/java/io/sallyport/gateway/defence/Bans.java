package io.sallyport.gateway.defence;

import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Who failed too often and is not let in for a while, the longer the oftener. A source is an
 * address of IPv4, and the first half of one of IPv6, as that is what one machine gets. In memory
 * only: after a restart everybody may fail again.
 */
public final class Bans {
  private static final int BITS_V4 = 32;
  private static final int BITS_V6 = 64;
  private static final String SYSTEM = "system";

  private volatile BanSettings settings;
  private final EventSink events;
  private final InstantSource clock;
  private final LongAdder made = new LongAdder();

  // Asked at every accept, without a lock; changed under it.
  private final Map<AddressBlock, Ban> banned = new ConcurrentHashMap<>();

  // The one that has been quiet for the longest comes first.
  private final LinkedHashMap<AddressBlock, Suspect> suspects =
      new LinkedHashMap<>(16, 0.75f, true);

  /** What is remembered of a source that failed. */
  private static final class Suspect {
    private int failures;
    private Instant since;
    private int times;
    private Instant goodUntil;

    Suspect(Instant now) {
      since = now;
      goodUntil = now;
    }
  }

  public Bans(BanSettings settings, EventSink events, InstantSource clock) {
    this.settings = settings;
    this.events = events;
    this.clock = clock;
  }

  /** Takes other settings, from the next failure on; bans that are there last as they were made. */
  void take(BanSettings changed) {
    settings = changed;
  }

  /** Ends the bans of addresses that are trusted from now on. */
  synchronized void pardon(AddressBlock trusted) {
    var now = clock.instant();
    for (var ban : banned.values()) {
      if (covers(trusted, ban.source())) {
        end(ban, "trusted", now);
      }
    }
    suspects.keySet().removeIf(source -> covers(trusted, source));
  }

  /** Whether it is not to be let in now. */
  public boolean isBanned(InetAddress address) {
    if (banned.isEmpty()) {
      return false;
    }
    var ban = banned.get(source(address));
    return ban != null && clock.instant().isBefore(ban.until());
  }

  /** Counts a failure, and bans the source if there were too many. */
  void failed(InetAddress address, String reason) {
    var inForce = settings;
    if (inForce.failuresMax() == 0) {
      return;
    }
    var now = clock.instant();
    var ban = count(inForce, source(address), reason, now);
    if (ban != null) {
      made.increment();
      var facts =
          Map.of(
              "reason", reason,
              "failures", Integer.toString(inForce.failuresMax()),
              "seconds", Long.toString(Duration.between(ban.since(), ban.until()).toSeconds()),
              "times", Integer.toString(ban.times()));
      report(EventType.SOURCE_BANNED, ban, facts, now);
    }
  }

  private synchronized @Nullable Ban count(
      BanSettings inForce, AddressBlock source, String reason, Instant now) {
    if (banned.containsKey(source)) {
      // It was under way when it was banned.
      return null;
    }
    var suspect = suspects.get(source);
    if (suspect == null) {
      while (suspects.size() >= inForce.sourcesMax()) {
        suspects.pollFirstEntry();
      }
      suspect = new Suspect(now);
      suspects.put(source, suspect);
    }
    if (Duration.between(suspect.since, now).compareTo(inForce.findTime()) >= 0) {
      suspect.since = now;
      suspect.failures = 0;
    }
    if (!now.isBefore(suspect.goodUntil.plus(inForce.timeMax()))) {
      suspect.times = 0;
    }
    suspect.goodUntil = now;
    return ++suspect.failures < inForce.failuresMax()
        ? null
        : ban(inForce, source, suspect, reason, now);
  }

  private Ban ban(
      BanSettings inForce, AddressBlock source, Suspect suspect, String reason, Instant now) {
    suspect.failures = 0;
    suspect.times++;
    var until = now.plus(inForce.lasting(suspect.times));
    suspect.goodUntil = until;
    int tooMany = banned.size() - inForce.sourcesMax() + 1;
    if (tooMany > 0) {
      banned.values().stream()
          .sorted(Comparator.comparing(Ban::until))
          .limit(tooMany)
          .forEach(soonest -> end(soonest, "room for another", now));
    }
    var ban = new Ban(source, now, until, suspect.times, reason);
    banned.put(source, ban);
    return ban;
  }

  /** Ends what is over; to be called now and then. */
  public void sweep() {
    var now = clock.instant();
    for (var ban : banned.values()) {
      if (!now.isBefore(ban.until())) {
        end(ban, "over", now);
      }
    }
  }

  private void end(Ban ban, String why, Instant now) {
    if (banned.remove(ban.source(), ban)) {
      report(EventType.SOURCE_UNBANNED, ban, Map.of("reason", why), now);
    }
  }

  /** Who is banned now, who came first first. */
  public List<Ban> list() {
    var now = clock.instant();
    return banned.values().stream()
        .filter(ban -> now.isBefore(ban.until()))
        .sorted(Comparator.comparing(Ban::since).thenComparing(ban -> ban.source().toString()))
        .toList();
  }

  /**
   * Ends bans and forgets the failures before them; the ledger hears of it from whoever asks for
   * it.
   *
   * @param sources whose, or null for all
   * @return those that were banned
   */
  public synchronized List<Ban> clear(@Nullable AddressBlock sources) {
    var cleared =
        list().stream().filter(ban -> sources == null || covers(sources, ban.source())).toList();
    cleared.forEach(ban -> banned.remove(ban.source()));
    suspects.keySet().removeIf(source -> sources == null || covers(sources, source));
    return cleared;
  }

  private static boolean covers(AddressBlock wide, AddressBlock source) {
    // An address of IPv6 stands for its source.
    int bits = Math.min(wide.bits(), source.bits());
    return wide.isV4() == source.isV4()
        && new AddressBlock(wide.high(), wide.low(), bits, wide.isV4())
            .equals(new AddressBlock(source.high(), source.low(), bits, source.isV4()));
  }

  /** How many sources are banned. */
  public int count() {
    return banned.size();
  }

  /** How many failures were too many, since the start. */
  public long made() {
    return made.sum();
  }

  private static AddressBlock source(InetAddress address) {
    return AddressBlock.of(address, BITS_V4, BITS_V6);
  }

  private void report(EventType type, Ban ban, Map<String, String> facts, Instant now) {
    events.accept(SecurityEvent.of(now, type, SYSTEM, ban.source().toString(), facts));
  }
}
