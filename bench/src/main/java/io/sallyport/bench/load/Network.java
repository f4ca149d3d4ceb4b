package io.sallyport.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The generator's one event loop: one thread that owns every connection needs no locks. */
final class Network implements AutoCloseable {
  static {
    // The product's logging is not wanted here, least of all its default of writing everything.
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
  }

  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final @Nullable Sources sources;

  /** With the addresses that devices have. */
  Network(Target target) {
    this(target, Sources.DEVICES);
  }

  /** With these addresses, if the target is on this machine. */
  Network(Target target, Sources wanted) {
    var group =
        new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    loop = (EventLoop) group.next();
    bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000)
            .remoteAddress(target.host(), target.port());
    var loopback = target.host().equals("localhost") || target.host().startsWith("127.");
    sources = loopback ? wanted : null;
  }

  EventLoop loop() {
    return loop;
  }

  /**
   * Opens a connection; the TLS handler, then the given one, make up its pipeline. A device always
   * comes from the same address.
   */
  ChannelFuture open(String device, ClientTls tls, Function<SslHandler, ChannelHandler> handler) {
    return connect(
        device.hashCode(),
        channel -> {
          var security = tls.handler(channel);
          channel.pipeline().addLast(security, handler.apply(security));
        });
  }

  /** The same for somebody who speaks no TLS. */
  ChannelFuture connect(int number, ChannelHandler handler) {
    return connect(number, channel -> channel.pipeline().addLast(handler));
  }

  /** Opens a connection with a pipeline of one's own; a number always comes from one address. */
  ChannelFuture connect(int number, Consumer<Channel> pipeline) {
    var initializer =
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            pipeline.accept(channel);
          }
        };
    var own = bootstrap.clone().handler(initializer);
    if (sources != null) {
      own.localAddress(sources.address(number), 0);
    }
    return own.connect();
  }

  /** Drops every connection. */
  @Override
  public void close() {
    loop.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
