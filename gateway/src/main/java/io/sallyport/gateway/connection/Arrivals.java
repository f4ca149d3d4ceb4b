package io.sallyport.gateway.connection;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Tells of each client that was let in; whoever is told must not block. */
public final class Arrivals {
  private final AtomicLong last = new AtomicLong();
  private volatile Consumer<Arrival> told = _ -> {};

  /** From now on tells this one. */
  public void tell(Consumer<Arrival> newTold) {
    told = newTold;
  }

  /** The number of the next one. */
  long next() {
    return last.incrementAndGet();
  }

  /** A client was let in, and knows its number by now. */
  void arrived(long number, Client client) {
    var entrance = client.connection().entrance();
    told.accept(
        new Arrival(
            number,
            client.principal(),
            client.clientId(),
            entrance.source().getAddress(),
            client.connection().device().certificate()));
  }
}
