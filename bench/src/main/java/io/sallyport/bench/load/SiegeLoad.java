package io.sallyport.bench.load;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An attack at a bounded rate: attempts that were missed are not made up for. */
final class SiegeLoad implements Load {
  private static final long TICK_MILLIS = 5;
  private static final long CATCH_UP_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);

  private final Network network;
  private final Tally tally;
  private final Assault assault;
  private final double perNano;
  private double owed;
  private long last = System.nanoTime();
  private long marked = last;

  /**
   * Begins an attack.
   *
   * @param rate attempts a second
   * @param openMax how many connections those hold that only hold them
   */
  static SiegeLoad begin(
      Network network, Credentials attackers, Attack attack, int rate, int openMax)
      throws InterruptedException {
    var tally = new Tally();
    var assault =
        switch (attack) {
          case NONE -> throw new IllegalArgumentException("nobody attacks");
          case STRANGERS -> new StrangerAssault(network, tally, attackers, false);
          case FRAGMENTS -> new StrangerAssault(network, tally, attackers, true);
          case HALF_OPEN -> RawAssault.halfOpen(network, tally, openMax);
          case SILENCE -> RawAssault.silence(network, tally, openMax);
          case KEY_UPDATES -> new KeyUpdateAssault(network, tally, attackers);
          case MALFORMED -> new MalformedAssault(network, tally, attackers);
          case FLOOD -> PublishAssault.allowed(network, tally, attackers);
          case DENIED -> PublishAssault.denied(network, tally, attackers);
          case REPLAYS ->
              RawAssault.replay(network, tally, openMax, FirstFlight.record(network, attackers));
        };
    return new SiegeLoad(network, tally, assault, rate);
  }

  private SiegeLoad(Network network, Tally tally, Assault assault, int rate) {
    this.network = network;
    this.tally = tally;
    this.assault = assault;
    this.perNano = rate / 1e9;
    var _ =
        network
            .loop()
            .scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    var now = System.nanoTime();
    owed = Math.min(owed + (now - last) * perNano, Math.max(1, CATCH_UP_NANOS_MAX * perNano));
    last = now;
    for (; owed >= 1; owed--) {
      assault.attempt();
    }
  }

  @Override
  public Map<String, Double> mark() throws Exception {
    return network.loop().submit(this::counted).get();
  }

  private Map<String, Double> counted() {
    var now = System.nanoTime();
    var counted = new HashMap<>(tally.mark());
    counted.put("seconds", (now - marked) / 1e9);
    marked = now;
    return counted;
  }

  @Override
  public Map<String, Double> drain() throws Exception {
    return mark();
  }
}
