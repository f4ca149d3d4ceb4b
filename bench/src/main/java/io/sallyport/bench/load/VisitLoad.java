package io.sallyport.bench.load;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Devices that connect and leave at a steady rate, every other one with a ticket: how long it takes
 * from the moment it was due to CONNACK. A visit that fails is counted and tried no second time.
 */
final class VisitLoad implements Load {
  private static final long VISIT_MILLIS_MAX = 5_000;
  private static final long FIRST_VISITS_SECONDS_MAX = 60;

  private record Device(String id, ClientTls tls, boolean hasTicket) {}

  private final Network network;
  private final ArrayDeque<Device> free = new ArrayDeque<>();
  private final CountDownLatch firstVisits;
  private final Histogram resumedMicros = histogram();
  private final Histogram fullMicros = histogram();
  private long failed;
  private long ticketless;

  /** Is under way when every device was there once, and so has a ticket if it is to have one. */
  VisitLoad(Network network, Credentials credentials, int rate) throws InterruptedException {
    this.network = network;
    var devices = new ArrayList<Device>();
    for (var id : credentials.ids()) {
      var hasTicket = devices.size() % 2 == 0;
      devices.add(new Device(id, credentials.tls(id, hasTicket), hasTicket));
    }
    firstVisits = new CountDownLatch(devices.size());
    firstVisits(devices);
    var between = TimeUnit.SECONDS.toNanos(1) / rate;
    var _ = network.loop().scheduleAtFixedRate(this::next, between, between, TimeUnit.NANOSECONDS);
  }

  private void firstVisits(List<Device> devices) throws InterruptedException {
    network.loop().execute(() -> devices.forEach(device -> visit(device, System.nanoTime())));
    if (!firstVisits.await(FIRST_VISITS_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new LoadFailure("not all devices were accepted once");
    }
    // Those had no tickets yet.
    network.loop().execute(this::forget);
  }

  private static Histogram histogram() {
    return new Histogram(TimeUnit.MILLISECONDS.toMicros(2 * VISIT_MILLIS_MAX), 3);
  }

  private void next() {
    var device = free.poll();
    if (device == null) {
      // All of them still wait for the server.
      failed++;
    } else {
      visit(device, System.nanoTime());
    }
  }

  private void visit(Device device, long due) {
    var visit = new Visit(device, due);
    network
        .open(device.id(), device.tls(), security -> new Knock(security, device.id(), visit))
        .addListener(
            (ChannelFuture opened) -> {
              if (opened.isSuccess()) {
                visit.endsInTime(opened.channel());
              } else {
                visit.refused(String.valueOf(opened.cause()));
              }
            });
  }

  private final class Visit implements Knock.Outcome {
    private final Device device;
    private final long due;

    Visit(Device device, long due) {
      this.device = device;
      this.due = due;
    }

    void endsInTime(Channel channel) {
      Runnable end =
          () -> {
            var _ = channel.close();
          };
      var _ = network.loop().schedule(end, VISIT_MILLIS_MAX, TimeUnit.MILLISECONDS);
    }

    @Override
    public void accepted(SslHandler security) {
      var micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - due);
      var histogram = device.hasTicket() ? resumedMicros : fullMicros;
      histogram.recordValue(Math.min(micros, histogram.getHighestTrackableValue()));
      if (device.hasTicket() && !ClientTls.resumed(security)) {
        ticketless++;
      }
      done();
    }

    @Override
    public void refused(String why) {
      failed++;
      done();
    }

    private void done() {
      firstVisits.countDown();
      free.add(device);
    }
  }

  @Override
  public Map<String, Double> mark() throws Exception {
    return network.loop().submit(this::counted).get();
  }

  private Map<String, Double> counted() {
    var counted = new HashMap<String, Double>();
    counted.put("connected", (double) (resumedMicros.getTotalCount() + fullMicros.getTotalCount()));
    counted.put("failed", (double) failed);
    counted.put("ticketless", (double) ticketless);
    put(counted, "resumed", resumedMicros);
    put(counted, "full", fullMicros);
    forget();
    return counted;
  }

  private void forget() {
    resumedMicros.reset();
    fullMicros.reset();
    failed = 0;
    ticketless = 0;
  }

  private static void put(Map<String, Double> counted, String kind, Histogram micros) {
    if (micros.getTotalCount() > 0) {
      counted.put(kind + "P50ms", micros.getValueAtPercentile(50) / 1_000.0);
      counted.put(kind + "P99ms", micros.getValueAtPercentile(99) / 1_000.0);
    }
  }

  @Override
  public Map<String, Double> drain() {
    return Map.of();
  }
}
