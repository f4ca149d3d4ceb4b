package io.sallyport.gateway.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** The kernel's interface: epoll where its native part runs, the JDK's selector elsewhere. */
public final class Transport {
  private Transport() {}

  /**
   * Event loops.
   *
   * @param threads how many; 0 for one a processor
   * @param name of their threads
   */
  public static EventLoopGroup loops(int threads, String name) {
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    var names = new DefaultThreadFactory(name);
    return new MultiThreadIoEventLoopGroup(
        count,
        names,
        Epoll.isAvailable()
            ? EpollIoHandler.newFactory(0, SpacedPolls::new)
            : NioIoHandler.newFactory());
  }

  /** The kind of socket that listens on such loops. */
  public static Class<? extends ServerChannel> listener() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }
}
