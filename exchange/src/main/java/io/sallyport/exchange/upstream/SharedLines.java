package io.sallyport.exchange.upstream;

import io.netty.channel.EventLoop;
import io.sallyport.exchange.Opening;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The connections that devices share, a few on each event loop. */
final class SharedLines {
  private final Facilities facilities;
  private final Sessions sessions;
  private final String prefix;
  private final AtomicInteger made = new AtomicInteger();
  private final Map<EventLoop, List<SharedLine>> lines = new ConcurrentHashMap<>();

  /**
   * @param luck so that two gateways do not take the same client ids
   */
  SharedLines(Facilities facilities, Sessions sessions, RandomGenerator luck) {
    this.facilities = facilities;
    this.sessions = sessions;
    this.prefix = "sallyport-%016x-".formatted(luck.nextLong());
  }

  /**
   * Whether a session leaves nothing at the broker but what it publishes: no subscription so far,
   * no will, nothing stored before or after.
   */
  boolean mayCarry(Opening opening) {
    return facilities.settings().sharing().connections() > 0
        && opening.cleanStart()
        && opening.sessionExpirySeconds() == 0
        && opening.will() == null
        && !sessions.isSubscriber(opening.clientId())
        && !facilities.footprints().isStored(opening.clientId());
  }

  /** The line that a device uses on its loop. */
  SharedLine line(EventLoop loop, Opening opening) {
    var choice = lines.computeIfAbsent(loop, this::made);
    return choice.get(Math.floorMod(opening.clientId().hashCode(), choice.size()));
  }

  private List<SharedLine> made(EventLoop loop) {
    return Stream.generate(() -> new SharedLine(facilities, loop, prefix + made.incrementAndGet()))
        .limit(facilities.settings().sharing().connections())
        .toList();
  }

  void look(long now) {
    lines.values().forEach(some -> some.forEach(line -> line.look(now)));
  }

  void close() {
    lines.values().forEach(some -> some.forEach(SharedLine::close));
  }
}
