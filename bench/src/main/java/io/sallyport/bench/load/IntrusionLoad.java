package io.sallyport.bench.load;

import java.util.List;
import java.util.Map;

/** Devices that publish at QoS 1 where no policy lets them: what a refusal costs. */
final class IntrusionLoad implements Load {
  private final Network network;
  private final List<Intruder> intruders;
  private long before;

  /** Connects everybody, then starts to publish. */
  IntrusionLoad(Network network, Credentials credentials, int window) throws InterruptedException {
    this.network = network;
    intruders = credentials.ids().stream().map(id -> new Intruder(id, window)).toList();
    new Connections(network, credentials).open(intruders);
    network.loop().execute(() -> intruders.forEach(Intruder::begin));
  }

  @Override
  public Map<String, Double> mark() throws Exception {
    return network.loop().submit(this::counted).get();
  }

  private Map<String, Double> counted() {
    long refused = 0;
    for (var intruder : intruders) {
      intruder.check();
      refused += intruder.refused();
    }
    var counted = Map.of("refused", (double) (refused - before));
    before = refused;
    return counted;
  }

  @Override
  public Map<String, Double> drain() {
    return Map.of();
  }
}
