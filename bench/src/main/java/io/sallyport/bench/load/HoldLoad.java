package io.sallyport.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Devices that only hold their connections: for memory per connection, and as victims of
 * revocation. When a connection ends it says {@code closed <client id> <nanoseconds>} at once, by
 * the clock that all processes of one Linux machine share.
 */
final class HoldLoad implements Load {
  private final AtomicLong held = new AtomicLong();

  /** Each device holds as many connections as asked; above one, client ids are told apart. */
  HoldLoad(Network network, Credentials credentials, ControlLine control, int connectionsPerDevice)
      throws InterruptedException {
    var holders = new ArrayList<Holder>();
    for (var device : credentials.ids()) {
      for (var clientId : clientIds(device, connectionsPerDevice)) {
        holders.add(
            new Holder(
                clientId,
                device,
                (id, _) -> {
                  control.say("closed " + id + " " + System.nanoTime());
                  held.decrementAndGet();
                }));
      }
    }
    new Connections(network, credentials).open(holders);
    held.addAndGet(holders.size());
  }

  private static List<String> clientIds(String device, int connections) {
    if (connections == 1) {
      return List.of(device);
    }
    var ids = new ArrayList<String>();
    for (var i = 1; i <= connections; i++) {
      ids.add(device + ":" + i);
    }
    return ids;
  }

  @Override
  public Map<String, Double> mark() {
    return Map.of("held", (double) held.get());
  }

  @Override
  public Map<String, Double> drain() {
    return mark();
  }
}
