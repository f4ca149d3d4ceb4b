package io.sallyport.bench.load;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A fleet that loses all of its connections at once, as when a network comes back, and connects and
 * subscribes again with the tickets that it has. Each mark is one such storm.
 */
final class StormLoad implements Load {
  private static final int AT_A_TIME = 64;
  private static final long BACK_SECONDS_MAX = 120;

  private record Device(String id, ClientTls tls) {}

  private final Network network;
  private final List<Device> devices;
  private List<Holder> connected;

  StormLoad(Network network, Credentials credentials) throws InterruptedException {
    this.network = network;
    this.devices =
        credentials.ids().stream().map(id -> new Device(id, credentials.tls(id, true))).toList();
    this.connected = connect();
  }

  private List<Holder> connect() throws InterruptedException {
    var holders = devices.stream().map(device -> holder(device.id)).toList();
    var free = new Semaphore(AT_A_TIME);
    var all = new CompletableFuture<?>[devices.size()];
    for (var i = 0; i < all.length; i++) {
      free.acquire();
      all[i] =
          holders
              .get(i)
              .connect(network, devices.get(i).tls)
              .whenComplete((_, _) -> free.release());
    }
    try {
      CompletableFuture.allOf(all).get(BACK_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new LoadFailure("cannot connect: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new LoadFailure("not all were back within " + BACK_SECONDS_MAX + " s", e);
    }
    return holders;
  }

  private static Holder holder(String id) {
    return new Holder(id, id, (_, _) -> {});
  }

  @Override
  public Map<String, Double> mark() throws Exception {
    for (var holder : connected) {
      var channel = channel(holder);
      channel.eventLoop().execute(() -> channel.unsafe().closeForcibly());
    }
    var begin = System.nanoTime();
    connected = connect();
    var seconds = (System.nanoTime() - begin) / 1e9;
    return Map.of(
        "back", (double) connected.size(), "seconds", seconds, "resumed", (double) resumed());
  }

  private long resumed() throws Exception {
    return network
        .loop()
        .submit(
            () ->
                connected.stream()
                    .map(StormLoad::channel)
                    .map(channel -> channel.pipeline().get(SslHandler.class))
                    .filter(security -> security != null && ClientTls.resumed(security))
                    .count())
        .get();
  }

  private static Channel channel(Holder holder) {
    return holder.context().channel();
  }

  @Override
  public Map<String, Double> drain() {
    return Map.of();
  }
}
