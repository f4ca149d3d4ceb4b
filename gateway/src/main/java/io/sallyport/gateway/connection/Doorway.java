package io.sallyport.gateway.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Ticker;
import io.sallyport.exchange.Reason;
import io.sallyport.gateway.meter.Denial;
import io.sallyport.ledger.EventType;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Takes each accepted socket, or closes it at once when a bound is reached. */
// What becomes of a write or a close shows in the channel itself: it is gone, or soon will be.
@SuppressWarnings("FutureReturnValueIgnored")
public final class Doorway {
  private final GateContext gate;
  private final Duties duties;
  private final Map<EventLoop, LoopContext> loops = new HashMap<>();

  public Doorway(GateContext gate, EventLoopGroup group) {
    this.gate = gate;
    this.duties = new Duties(gate);
    for (var executor : group) {
      var loop = (EventLoop) executor;
      loops.put(loop, new LoopContext(loop, gate.limits().topicLevelsMax(), gate.meters()));
    }
  }

  /** What takes the sockets of one listener. */
  public ChannelInitializer<Channel> through(Listener listener) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        take(channel, listener);
      }
    };
  }

  private void take(Channel channel, Listener listener) {
    var counters = gate.counters();
    counters.accepted.increment();
    listener.accepted.increment();
    var loop = loops.get(channel.eventLoop());
    int connections = counters.connections.incrementAndGet();
    int handshaking = counters.handshaking.incrementAndGet();
    boolean full =
        connections > gate.settings().connectionsMax() || handshaking > gate.handshakesMax();
    if (full || loop == null) {
      counters.connections.decrementAndGet();
      counters.handshaking.decrementAndGet();
      counters.refusedFull.increment();
      gate.meters().denied(Denial.HANDSHAKE_FULL);
      gate.denials()
          .report(
              EventType.HANDSHAKE_REFUSED,
              Handshakes.host(channel),
              "full",
              Map.of("reason", "too many connections", "address", Handshakes.host(channel)));
      channel.close();
      return;
    }
    listener.connections.incrementAndGet();
    var connection = new Connection(channel, gate, loop, duties, listener);
    channel
        .pipeline()
        .addLast(connection.firstDoor(), gate.tls().newHandler(channel.alloc()), connection);
  }

  /** Ends all connections, waits for them, bounded, and ends the timers of the loops. */
  public void close(Duration wait) {
    var ending = gate.connections().endAll(Reason.SERVER_SHUTTING_DOWN);
    Connections.await(ending, wait, Ticker.systemTicker());
    loops.forEach((loop, context) -> loop.execute(context.deadlines()::stop));
  }
}
