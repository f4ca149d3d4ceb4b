package io.sallyport.gateway;

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
final class Transport {
  private Transport() {}

  static EventLoopGroup loops(int threads) {
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    var names = new DefaultThreadFactory("gate");
    return new MultiThreadIoEventLoopGroup(
        count,
        names,
        Epoll.isAvailable()
            ? EpollIoHandler.newFactory(0, SpacedPolls::new)
            : NioIoHandler.newFactory());
  }

  static Class<? extends ServerChannel> listener() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }
}
