package io.sallyport.gateway.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Ticker;
import io.sallyport.gateway.meter.Denial;
import java.net.InetSocketAddress;
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
      loops.put(loop, new LoopContext(loop, gate.limits(), gate.meters()));
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
    gate.counters().accepted.increment();
    listener.accepted.increment();
    var loop = loops.get(channel.eventLoop());
    if (loop == null || !(channel.remoteAddress() instanceof InetSocketAddress peer)) {
      channel.close();
      return;
    }
    var entrance = new Entrance(gate, peer);
    if (!isExpected(listener, entrance) || !hasRoom(entrance, loop)) {
      channel.close();
      return;
    }
    listener.connections.incrementAndGet();
    var connection = new Connection(channel, gate, loop, duties, listener, entrance);
    var pipeline = channel.pipeline();
    if (listener.isProxied()) {
      pipeline.addLast(ProxyDoor.decoder(), new ProxyDoor(connection));
    }
    pipeline.addLast(new FirstDoor(connection), new HelloDoor(connection, gate), connection);
  }

  /** Whether somebody from there may stand before this door at all. */
  private boolean isExpected(Listener listener, Entrance entrance) {
    if (!listener.isProxied()) {
      return entrance.enter();
    }
    if (listener.isBalancer(entrance.source().getAddress())) {
      return true;
    }
    gate.counters().refusedProxy.increment();
    gate.meters().denied(Denial.HANDSHAKE_PROXY);
    entrance.report("not a load balancer", "only load balancers may connect here");
    return false;
  }

  private boolean hasRoom(Entrance entrance, LoopContext loop) {
    var counters = gate.counters();
    int connections = counters.connections.incrementAndGet();
    int handshaking = counters.handshaking.incrementAndGet();
    if (connections <= gate.settings().connectionsMax() && handshaking <= gate.handshakesMax()) {
      return true;
    }
    var yielding = loop.newcomers().yielding(entrance.held(), loop.deadlines().tick());
    if (yielding != null) {
      yielding.makeRoom();
      return true;
    }
    gate.meters().denied(Denial.HANDSHAKE_FULL);
    counters.connections.decrementAndGet();
    counters.handshaking.decrementAndGet();
    counters.refusedFull.increment();
    entrance.leave(false);
    entrance.report("full", "too many connections");
    return false;
  }

  /** Takes the bounds that are in force now, from the next packet of each connection on. */
  public void bound() {
    loops.forEach((loop, context) -> loop.execute(() -> context.limit(gate.limits())));
  }

  /** Has every device that is connected ask again how fast it may publish. */
  public void ratesChanged() {
    gate.connections().ratesChanged();
  }

  /** Sends everybody away, waits for them, bounded, and ends the timers of the loops. */
  public void close(Duration wait) {
    var ending = gate.connections().dismissAll(gate.draining().close());
    Connections.await(ending, wait, Ticker.systemTicker());
    loops.forEach((loop, context) -> loop.execute(context.deadlines()::stop));
  }
}
