package io.sallyport.bench.load;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A fleet that loses all of its connections at once, as when a network comes back, and connects and
 * subscribes again with the tickets that it has. Each mark is one such storm.
 */
final class StormLoad implements Load {
  private static final int AT_A_TIME = 64;
  private static final long BACK_SECONDS_MAX = 120;

  private final Network network;
  private final List<String> ids;
  private final Connections connections;
  private List<Holder> connected;

  StormLoad(Network network, Credentials credentials) throws InterruptedException {
    this.network = network;
    this.ids = credentials.ids();
    // Each device keeps its TLS context, and in it the tickets that it was given.
    var tls =
        ids.stream()
            .collect(Collectors.toMap(Function.identity(), id -> credentials.tls(id, true)));
    this.connections =
        new Connections(
            network, id -> Objects.requireNonNull(tls.get(id)), AT_A_TIME, BACK_SECONDS_MAX);
    this.connected = connect();
  }

  private List<Holder> connect() throws InterruptedException {
    var holders = ids.stream().map(id -> new Holder(id, id, (_, _) -> {})).toList();
    connections.open(holders);
    return holders;
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
