package io.sallyport.control.messaging;

import io.sallyport.control.store.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Brings requests that devices sent to the services that answer them. Requests of one device are
 * worked on in their order; those of many share a transaction, because making it durable is what
 * takes time.
 */
public final class MessageDesk implements AutoCloseable {
  // SQLite has one writer; PostgreSQL's work side by side.
  private static final int SHARED_LANES = 4;

  private final List<Service> services;
  private final List<Lane> lanes;

  /** A service and what it is asked by. */
  record Service(TopicService service, List<TopicPattern> patterns, ServiceCounters counters) {}

  /**
   * A desk that is open.
   *
   * @param postbox where answers leave
   */
  public MessageDesk(
      Database database, List<TopicService> services, Postbox postbox, InstantSource clock) {
    this.services =
        services.stream()
            .map(
                service ->
                    new Service(
                        service,
                        service.filters().stream().map(TopicPattern::of).toList(),
                        new ServiceCounters()))
            .toList();
    this.lanes =
        IntStream.range(0, database.isShared() ? SHARED_LANES : 1)
            .mapToObj(_ -> new Lane(database, postbox, clock))
            .toList();
  }

  /** What is to be subscribed to. */
  public List<String> filters() {
    return services.stream().flatMap(one -> one.service().filters().stream()).distinct().toList();
  }

  /**
   * Takes a request; whoever asks too much at once is told so. It does not wait.
   *
   * @param done run when the request is dealt with, durably if it was
   */
  public void take(String topic, byte[] payload, Runnable done) {
    var service = service(topic);
    if (service.isEmpty()) {
      done.run();
      return;
    }
    lanes
        .get(Math.floorMod(TopicPattern.head(topic).hashCode(), lanes.size()))
        .take(new Lane.Work(service.get(), topic, payload, done));
  }

  private Optional<Service> service(String topic) {
    return services.stream()
        .filter(one -> one.patterns().stream().anyMatch(pattern -> pattern.matches(topic)))
        .findFirst();
  }

  /** How many requests each service has dealt with, by what became of them. */
  public Stream<Map.Entry<String, ServiceCounters>> counters() {
    return services.stream().map(one -> Map.entry(one.service().name(), one.counters()));
  }

  /** How many requests wait. */
  public int waiting() {
    return lanes.stream().mapToInt(Lane::waiting).sum();
  }

  /** Ends; what was not worked on is not acknowledged, and comes again where it is kept. */
  @Override
  public void close() {
    lanes.forEach(Lane::close);
  }
}
