package io.sallyport.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Devices that publish telemetry and backends that receive it. */
final class PublishLoad implements Load {
  private static final long EXPIRY_SECONDS = 3_600;
  private static final long TICK_MICROS = 100;
  private static final long DRAIN_MILLIS_MAX = 5_000;

  /**
   * What to send.
   *
   * @param rate messages a second over all publishers, 0 for as many as the windows allow
   * @param persistent whether the subscribers' sessions outlive their connections
   */
  record Shape(
      int publishers,
      int subscribers,
      int qos,
      int payloadBytes,
      int rate,
      boolean persistent,
      int window) {
    Shape {
      if (payloadBytes < Publisher.PAYLOAD_HEAD_BYTES) {
        throw new IllegalArgumentException(
            "a payload needs at least " + Publisher.PAYLOAD_HEAD_BYTES + " bytes");
      }
    }
  }

  private final Network network;
  private final Flow flow;
  private final List<Publisher> publishers = new ArrayList<>();
  private long turns;

  /** Connects everybody, then starts to publish. */
  PublishLoad(Network network, Credentials credentials, Shape shape) throws InterruptedException {
    this.network = network;
    flow = new Flow(shape.qos(), shape.payloadBytes(), shape.subscribers());
    for (var i = 0; i < shape.publishers(); i++) {
      publishers.add(new Publisher(Identities.device(i + 1), i, flow, shape.window()));
    }
    var subscribers = new ArrayList<Subscriber>();
    for (var i = 0; i < shape.subscribers(); i++) {
      subscribers.add(
          new Subscriber(
              Identities.backend(i + 1),
              shape.persistent() ? EXPIRY_SECONDS : 0,
              flow,
              publishers));
    }
    var connections = new Connections(network, credentials);
    connections.open(publishers);
    connections.open(subscribers);
    start(shape);
  }

  private static Pace pace(Shape shape, int number, long start) {
    return shape.rate() == 0
        ? new Pace.Saturated()
        : new Pace.Steady(start + between(shape) * number, between(shape) * shape.publishers());
  }

  /** Publishers take turns: one message of one of them is due every 1/rate second. */
  private static long between(Shape shape) {
    return TimeUnit.SECONDS.toNanos(1) / shape.rate();
  }

  private void start(Shape shape) {
    var loop = network.loop();
    var now = System.nanoTime();
    loop.execute(
        () -> {
          for (var i = 0; i < publishers.size(); i++) {
            publishers.get(i).begin(pace(shape, i, now));
          }
          publishers.forEach(publisher -> publisher.pump(now));
        });
    if (shape.rate() > 0) {
      var _ =
          loop.scheduleAtFixedRate(
              () -> turn(now, between(shape)), TICK_MICROS, TICK_MICROS, TimeUnit.MICROSECONDS);
    }
  }

  /**
   * Only those whose turn has come: a fleet is too large to ask everybody each time. Whoever cannot
   * send then does it when its window or its connection has room again.
   */
  private void turn(long start, long between) {
    var now = System.nanoTime();
    for (; start + between * turns <= now; turns++) {
      publishers.get((int) (turns % publishers.size())).pump(now);
    }
  }

  @Override
  public Map<String, Double> mark() throws Exception {
    return network.loop().submit(this::counted).get();
  }

  private Map<String, Double> counted() {
    flow.check();
    var counted =
        Map.of(
            "delivered", (double) flow.deliveredSinceMark(),
            "p50ms", flow.latencyMillis(50),
            "p99ms", flow.latencyMillis(99));
    flow.mark();
    return counted;
  }

  @Override
  public Map<String, Double> drain() throws Exception {
    network.loop().submit(() -> publishers.forEach(Publisher::stop)).get();
    var owed = owed();
    for (var waited = 0; owed > 0 && waited < DRAIN_MILLIS_MAX; waited += 50) {
      Thread.sleep(50);
      owed = owed();
    }
    return Map.of("lost", (double) owed);
  }

  private long owed() throws Exception {
    return network.loop().submit(flow::owed).get();
  }
}
