package io.sallyport.ledger;

/**
 * Takes security events from places that must not wait, the event loops above all.
 *
 * <p>Bound: an implementation may drop an event when its queue is full, and must then count what it
 * dropped and record that count as soon as it can.
 */
@FunctionalInterface
public interface EventSink {
  /** Takes one event; never blocks, never throws. */
  void accept(SecurityEvent event);
}
