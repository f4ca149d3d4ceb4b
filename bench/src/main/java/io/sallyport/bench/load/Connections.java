package io.sallyport.bench.load;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens many clients, a bounded number at a time, and waits until all are ready. */
final class Connections {
  private static final int AT_A_TIME = 32;
  private static final long READY_SECONDS_MAX = 60;

  private final Network network;
  private final Credentials credentials;

  Connections(Network network, Credentials credentials) {
    this.network = network;
    this.credentials = credentials;
  }

  void open(List<? extends Client> clients) throws InterruptedException {
    var free = new Semaphore(AT_A_TIME);
    var all = new CompletableFuture<?>[clients.size()];
    for (var i = 0; i < all.length; i++) {
      free.acquire();
      var client = clients.get(i);
      all[i] =
          client
              .connect(network, credentials.tls(identity(client.id()), false))
              .whenComplete((_, _) -> free.release());
    }
    try {
      CompletableFuture.allOf(all).get(READY_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new LoadFailure("cannot connect: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new LoadFailure("not all connected within " + READY_SECONDS_MAX + " s", e);
    }
  }

  /** The device of a client id; several connections of one device are told apart after a colon. */
  private static String identity(String clientId) {
    var colon = clientId.indexOf(':');
    return colon < 0 ? clientId : clientId.substring(0, colon);
  }
}
