package io.sallyport.gateway.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Looks at all connections when somebody asks, and remembers what it saw for the rates of the next
 * look. Whoever does not look costs nothing: connections only count.
 */
public final class ActivityWatch {
  // Several people who look at once see the same.
  private static final long AGAIN_NANOS = Duration.ofMillis(500).toNanos();

  /** After this long without a look, what was seen is forgotten. */
  private static final long FORGET_NANOS = Duration.ofSeconds(30).toNanos();

  private final Connections connections;
  private final LongSupplier nanos;
  private Map<Client, Seen> before = Map.of();
  private long beforeNanos;
  private Look last = new Look(0, List.of());

  private record Seen(long in, long out) {}

  /**
   * One look.
   *
   * @param seconds the time that its rates are of, 0 if it has none
   */
  public record Look(double seconds, List<Activity> all) {
    public Look {
      all = List.copyOf(all);
    }
  }

  /** Nobody has looked yet. */
  public ActivityWatch(Connections connections, LongSupplier nanos) {
    this.connections = connections;
    this.nanos = nanos;
  }

  /** What every connection does now. */
  public synchronized Look look() {
    long now = nanos.getAsLong();
    boolean first = before.isEmpty();
    if (!first && now - beforeNanos < AGAIN_NANOS) {
      return last;
    }
    double seconds = first ? 0 : (now - beforeNanos) / 1e9;
    var seen = new HashMap<Client, Seen>();
    var all = new ArrayList<Activity>();
    for (var client : connections.clients()) {
      var counts = new Seen(client.received(), client.sent());
      seen.put(client, counts);
      all.add(activity(client, counts, before.getOrDefault(client, counts), seconds));
    }
    before = seen;
    beforeNanos = now;
    last = new Look(seconds, all);
    return last;
  }

  private static Activity activity(Client client, Seen now, Seen then, double seconds) {
    double per = seconds == 0 ? 0 : 1 / seconds;
    return new Activity(
        client.principal().value(),
        client.clientId(),
        client.connection().entrance().address(),
        client.connection().rules().name(),
        (now.in() - then.in()) * per,
        (now.out() - then.out()) * per,
        client.backlog(),
        client.unsentBytes());
  }

  /** Forgets what nobody has asked for in a while; to be called now and then. */
  public synchronized void forget() {
    if (!before.isEmpty() && nanos.getAsLong() - beforeNanos > FORGET_NANOS) {
      before = Map.of();
      last = new Look(0, List.of());
    }
  }
}
