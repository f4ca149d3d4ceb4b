package io.sallyport.gateway.connection;

import io.sallyport.policy.ListenerRules;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** A listener as its connections know it: how it reads policies, and how many there are. */
public final class Listener {
  final AtomicInteger connections = new AtomicInteger();
  final LongAdder accepted = new LongAdder();
  private final ListenerRules rules;

  /** A listener that nobody has come through yet. */
  public Listener(ListenerRules rules) {
    this.rules = rules;
  }

  public ListenerRules rules() {
    return rules;
  }

  public int connections() {
    return connections.get();
  }

  public long accepted() {
    return accepted.sum();
  }
}
