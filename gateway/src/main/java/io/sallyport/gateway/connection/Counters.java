package io.sallyport.gateway.connection;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the gate counts; written by all loops, read by whoever watches. */
public final class Counters {
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger handshaking = new AtomicInteger();
  final AtomicInteger sessions = new AtomicInteger();
  final LongAdder accepted = new LongAdder();
  final LongAdder refusedFull = new LongAdder();
  final LongAdder displaced = new LongAdder();
  final LongAdder refusedPlain = new LongAdder();
  final LongAdder refusedBanned = new LongAdder();
  final LongAdder refusedOfSource = new LongAdder();
  final LongAdder refusedTooFast = new LongAdder();
  final LongAdder refusedProxy = new LongAdder();
  final LongAdder handshakes = new LongAdder();
  final LongAdder handshakesRefused = new LongAdder();
  final LongAdder connectsRefused = new LongAdder();
  final LongAdder published = new LongAdder();
  final LongAdder publishesDenied = new LongAdder();
  final LongAdder publishedTooFast = new LongAdder();
  final LongAdder subscribesDenied = new LongAdder();
  final LongAdder delivered = new LongAdder();
  final LongAdder receivesDenied = new LongAdder();
  final LongAdder wouldBeDenied = new LongAdder();
  final LongAdder violations = new LongAdder();
  final LongAdder timedOut = new LongAdder();
  final LongAdder cut = new LongAdder();

  public int connections() {
    return connections.get();
  }

  public int handshaking() {
    return handshaking.get();
  }

  public int sessions() {
    return sessions.get();
  }

  public long accepted() {
    return accepted.sum();
  }

  public long refusedFull() {
    return refusedFull.sum();
  }

  public long displaced() {
    return displaced.sum();
  }

  public long refusedPlain() {
    return refusedPlain.sum();
  }

  public long refusedBanned() {
    return refusedBanned.sum();
  }

  public long refusedOfSource() {
    return refusedOfSource.sum();
  }

  public long refusedTooFast() {
    return refusedTooFast.sum();
  }

  public long refusedProxy() {
    return refusedProxy.sum();
  }

  /** Finished handshakes, resumed ones too. */
  public long handshakes() {
    return handshakes.sum();
  }

  public long handshakesRefused() {
    return handshakesRefused.sum();
  }

  public long connectsRefused() {
    return connectsRefused.sum();
  }

  public long published() {
    return published.sum();
  }

  public long publishesDenied() {
    return publishesDenied.sum();
  }

  public long publishedTooFast() {
    return publishedTooFast.sum();
  }

  public long subscribesDenied() {
    return subscribesDenied.sum();
  }

  public long delivered() {
    return delivered.sum();
  }

  public long receivesDenied() {
    return receivesDenied.sum();
  }

  public long wouldBeDenied() {
    return wouldBeDenied.sum();
  }

  public long violations() {
    return violations.sum();
  }

  public long timedOut() {
    return timedOut.sum();
  }

  public long cut() {
    return cut.sum();
  }
}
