package io.sallyport.gateway.connection;

import io.sallyport.ledger.DenialLimiter;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Reports what was refused, to whom and why; equal refusals of one source are counted together. */
public final class Denials {
  private final EventSink events;
  private final InstantSource clock;
  private final DenialLimiter limiter = new DenialLimiter();

  public Denials(EventSink events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  /**
   * Reports a refusal.
   *
   * @param who a principal's id, or a source address as long as there is none
   * @param reason what makes it equal to others
   */
  void report(EventType type, String who, String reason, Map<String, String> facts) {
    var now = clock.instant();
    var event = SecurityEvent.of(now, type, who, who, facts);
    limiter.admit(new DenialLimiter.Key(who, type, reason), event, now).forEach(events::accept);
  }

  /**
   * Reports what a policy denied.
   *
   * @param trace how the policies came to it; asked only if it is written, as it takes a while
   */
  void report(
      EventType type,
      String who,
      String reason,
      Map<String, String> facts,
      Supplier<String> trace) {
    var now = clock.instant();
    limiter
        .admit(
            new DenialLimiter.Key(who, type, reason),
            () -> {
              var traced = new TreeMap<>(facts);
              traced.put("trace", trace.get());
              return SecurityEvent.of(now, type, who, who, traced);
            },
            now)
        .forEach(events::accept);
  }

  /** Reports the counts whose window has ended; to be called now and then. */
  public void drain() {
    limiter.drain(clock.instant()).forEach(events::accept);
  }

  /** Reports all counts, before the end. */
  public void drainAll() {
    limiter.drainAll(clock.instant()).forEach(events::accept);
  }
}
