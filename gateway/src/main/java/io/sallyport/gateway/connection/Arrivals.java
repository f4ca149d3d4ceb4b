package io.sallyport.gateway.connection;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Tells of each client that was let in, and of its end; whoever is told must not block. */
public final class Arrivals {
  private final AtomicLong last = new AtomicLong();
  private volatile Consumer<Arrival> told = _ -> {};
  private volatile BiConsumer<Arrival, String> departed = (_, _) -> {};

  /** From now on tells this one. */
  public void tell(Consumer<Arrival> newTold) {
    told = newTold;
  }

  /** From now on tells this one of ends, and why they are. */
  public void tellDepartures(BiConsumer<Arrival, String> newDeparted) {
    departed = newDeparted;
  }

  /** The number of the next one. */
  long next() {
    return last.incrementAndGet();
  }

  /** A client was let in, and knows its number by now. */
  void arrived(long number, Client client) {
    told.accept(arrival(number, client));
  }

  /** The connection of a client that had been let in is over. */
  void departed(long number, Client client, String why) {
    departed.accept(arrival(number, client), why);
  }

  private static Arrival arrival(long number, Client client) {
    var entrance = client.connection().entrance();
    return new Arrival(
        number, client.principal(), client.clientId(), entrance.source().getAddress());
  }
}
