package io.sallyport.agent.mqtt;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.ssl.SslHandler;
import io.sallyport.agent.tls.DeviceTls;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * One connection of a device, from the dialling to its end. May be called from any thread; what it
 * tells its {@link Listener} comes on the event loop, so the listener must not wait there.
 */
public final class Connection {
  /** Who is told what happens. Exactly one call of {@link #ended} is the last. */
  public interface Listener {
    /**
     * The server let the device in.
     *
     * @param sessionPresent whether it still had the session, with subscriptions and messages
     */
    void connected(boolean sessionPresent);

    /** A message came. */
    void delivered(Delivery delivery);

    /** There is no connection any more, or there never was one. */
    void ended(Ending ending);
  }

  /** One that waits for its turn: the server takes only so many at a time. */
  @SuppressWarnings("ArrayRecordComponent") // Written once, compared with nothing.
  private record Waiting(String topic, byte[] payload, CompletableFuture<Answer> answer) {}

  // Bound: what is published beside telemetry while the server's window is full.
  private static final int WAITING_MAX = 256;
  private static final int PACKET_ID_MAX = 65_535;

  private final Greeting greeting;
  private final Listener listener;
  private final Map<Integer, CompletableFuture<Answer>> unanswered = new HashMap<>();
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private final Channel channel;
  private int window = 1;
  private int published;
  private int lastPacketId;
  private boolean over;

  private Connection(Network network, DeviceTls tls, Greeting greeting, Listener listener) {
    this.greeting = greeting;
    this.listener = listener;
    var dialled =
        new Bootstrap()
            .group(network.loops())
            .channel(NioSocketChannel.class)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(greeting.patience().toMillis()))
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel made) {
                    var handshake = new SslHandler(tls.engine());
                    handshake.setHandshakeTimeoutMillis(greeting.patience().toMillis());
                    made.pipeline()
                        .addLast(handshake)
                        .addLast(MqttEncoder.INSTANCE)
                        .addLast(new MqttDecoder(greeting.packetMax()))
                        .addLast(new Conversation(Connection.this, greeting));
                  }
                })
            .connect(tls.server().host(), tls.server().port());
    channel = dialled.channel();
    dialled.addListener(
        (ChannelFuture done) -> {
          if (!done.isSuccess()) {
            end(Endings.of(done.cause()));
          }
        });
  }

  /** Dials; what comes of it is told to the listener. */
  public static Connection open(
      Network network, DeviceTls tls, Greeting greeting, Listener listener) {
    return new Connection(network, tls, greeting, listener);
  }

  /**
   * Publishes at QoS 1.
   *
   * @return what the server said; failed if the connection ended before, or too much waits already
   */
  public CompletableFuture<Answer> publish(String topic, byte[] payload) {
    var answer = new CompletableFuture<Answer>();
    channel.eventLoop().execute(() -> offer(new Waiting(topic, payload, answer)));
    return answer;
  }

  /** Subscribes at QoS 1; the worst of the answers. */
  public CompletableFuture<Answer> subscribe(List<String> filters) {
    var answer = new CompletableFuture<Answer>();
    channel
        .eventLoop()
        .execute(
            () -> {
              if (over) {
                answer.completeExceptionally(gone());
                return;
              }
              var packetId = nextPacketId();
              unanswered.put(packetId, answer);
              var _ = channel.writeAndFlush(Packets.subscribe(filters, packetId));
            });
    return answer;
  }

  /** Says goodbye and ends it; the session stays at the server. */
  public void close() {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (!over && channel.isActive()) {
                var _ = channel.writeAndFlush(Packets.disconnect());
              }
              end(new Ending.Closed("closed"));
            });
  }

  /** Ends it as a pulled cable does: without a word. */
  public void cut() {
    channel.eventLoop().execute(() -> end(new Ending.Lost("cut")));
  }

  // ---- on the event loop, for the conversation

  void connected(int receiveMaximum, boolean sessionPresent) {
    window = receiveMaximum;
    listener.connected(sessionPresent);
  }

  void delivered(String topic, byte[] payload, int packetId) {
    listener.delivered(new Delivery(topic, payload, () -> acknowledge(packetId)));
  }

  private void acknowledge(int packetId) {
    if (packetId > 0) {
      channel
          .eventLoop()
          .execute(
              () -> {
                if (!over) {
                  var _ = channel.writeAndFlush(Packets.acknowledge(packetId));
                }
              });
    }
  }

  void answered(int packetId, Answer answer, boolean toPublication) {
    var asked = unanswered.remove(packetId);
    if (asked == null) {
      return;
    }
    if (toPublication) {
      published--;
    }
    asked.complete(answer);
    while (published < window && !waiting.isEmpty()) {
      send(waiting.remove());
    }
  }

  void end(Ending ending) {
    if (over) {
      return;
    }
    over = true;
    var _ = channel.close();
    var gone = gone();
    unanswered.values().forEach(asked -> asked.completeExceptionally(gone));
    unanswered.clear();
    waiting.forEach(one -> one.answer.completeExceptionally(gone));
    waiting.clear();
    listener.ended(ending);
  }

  private void offer(Waiting one) {
    if (over) {
      one.answer.completeExceptionally(gone());
    } else if (published < window) {
      send(one);
    } else if (waiting.size() < WAITING_MAX) {
      waiting.add(one);
    } else {
      one.answer.completeExceptionally(
          new ConnectionGone("more than " + WAITING_MAX + " publications wait for the server"));
    }
  }

  private void send(Waiting one) {
    var packetId = nextPacketId();
    published++;
    unanswered.put(packetId, one.answer);
    var _ = channel.writeAndFlush(Packets.publish(one.topic, one.payload, packetId));
  }

  private int nextPacketId() {
    do {
      lastPacketId = lastPacketId % PACKET_ID_MAX + 1;
    } while (unanswered.containsKey(lastPacketId));
    return lastPacketId;
  }

  private ConnectionGone gone() {
    return new ConnectionGone("no connection for " + greeting.clientId());
  }
}
