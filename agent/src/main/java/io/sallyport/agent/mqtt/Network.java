package io.sallyport.agent.mqtt;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The event loops that all connections of a process share: one agent's, or a whole fleet's. */
public final class Network implements AutoCloseable {
  private final EventLoopGroup loops;

  /**
   * @param threads one is enough for an agent; two for a fleet
   */
  public Network(int threads) {
    loops =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("agent-network", true), NioIoHandler.newFactory());
  }

  EventLoopGroup loops() {
    return loops;
  }

  /** Does something later, by the monotonic clock: no jump of the wall clock moves it. */
  public void after(Duration delay, Runnable action) {
    var _ = loops.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
