package io.sallyport.bench.load;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Opens many clients, a bounded number at a time, and waits until all are ready. */
final class Connections {
  private static final int AT_A_TIME = 32;
  private static final long READY_SECONDS_MAX = 60;

  private final Network network;
  private final Function<String, ClientTls> tls;
  private final int atATime;
  private final long readySecondsMax;

  /** Opens with credentials that are read for each connection, without resumption. */
  Connections(Network network, Credentials credentials) {
    this(network, id -> credentials.tls(id, false), AT_A_TIME, READY_SECONDS_MAX);
  }

  /** Opens with what each identity has. */
  Connections(Network network, Function<String, ClientTls> tls, int atATime, long readySecondsMax) {
    this.network = network;
    this.tls = tls;
    this.atATime = atATime;
    this.readySecondsMax = readySecondsMax;
  }

  void open(List<? extends Client> clients) throws InterruptedException {
    var free = new Semaphore(atATime);
    var all = new CompletableFuture<?>[clients.size()];
    for (var i = 0; i < all.length; i++) {
      free.acquire();
      var client = clients.get(i);
      all[i] =
          client
              .connect(network, tls.apply(identity(client.id())))
              .whenComplete((_, _) -> free.release());
    }
    try {
      CompletableFuture.allOf(all).get(readySecondsMax, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new LoadFailure("cannot connect: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new LoadFailure("not all connected within " + readySecondsMax + " s", e);
    }
  }

  /** The device of a client id; several connections of one device are told apart after a colon. */
  private static String identity(String clientId) {
    var colon = clientId.indexOf(':');
    return colon < 0 ? clientId : clientId.substring(0, colon);
  }
}
