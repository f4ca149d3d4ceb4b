package io.sallyport.exchange.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.NoopAddressResolverGroup;
import io.sallyport.exchange.ExchangeUnavailable;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes connections to the broker: PROXY header, TLS, MQTT, in this order from the socket. */
final class Wires {
  /** Bound: what may wait for a broker that reads slowly, before devices are not read from. */
  private static final WriteBufferWaterMark WAITING = new WriteBufferWaterMark(64 << 10, 256 << 10);

  private final UpstreamSettings settings;
  private final LongSupplier nanos;
  private final @Nullable SslContext tls;

  /**
   * @throws ExchangeUnavailable if the files for TLS cannot be used
   */
  Wires(UpstreamSettings settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
    this.tls = settings.upstream().isTls() ? context(settings.tls()) : null;
  }

  private static SslContext context(UpstreamSettings.Tls files) {
    try {
      var builder =
          SslContextBuilder.forClient()
              .protocols("TLSv1.3", "TLSv1.2")
              .endpointIdentificationAlgorithm("HTTPS");
      if (files.trust() != null) {
        builder.trustManager(file(files.trust()));
      }
      if (files.certificate() != null && files.key() != null) {
        builder.keyManager(file(files.certificate()), file(files.key()));
      }
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new ExchangeUnavailable(
          "the files for TLS to the broker cannot be used: " + Link.describe(e), e);
    }
  }

  private static File file(Path path) {
    if (!path.toFile().canRead()) {
      throw new ExchangeUnavailable("the file cannot be read: " + path, null);
    }
    return path.toFile();
  }

  /** Connects on that loop; there is a {@link Link} in the pipeline when that is done. */
  ChannelFuture connect(
      EventLoop loop,
      Brokers.Broker broker,
      @Nullable InetSocketAddress source,
      Link.Receiver receiver) {
    var bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(type(loop))
            .resolver(NoopAddressResolverGroup.INSTANCE)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(settings.connectTimeout().toMillis()))
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    furnish(channel, broker, source, receiver);
                  }
                });
    return bootstrap.connect(broker.target());
  }

  private void furnish(
      Channel channel,
      Brokers.Broker broker,
      @Nullable InetSocketAddress source,
      Link.Receiver receiver) {
    var pipeline = channel.pipeline();
    if (settings.announcesSource()) {
      pipeline.addLast(new ProxyHeader(source));
    }
    if (tls != null) {
      var address = broker.address;
      pipeline.addLast(tls.newHandler(channel.alloc(), address.host(), address.port()));
    }
    pipeline.addLast(
        new MqttDecoder(settings.packetSizeMax()),
        MqttEncoder.INSTANCE,
        new FlowControlHandler(),
        new Link(channel, nanos, receiver));
  }

  private static Class<? extends SocketChannel> type(EventLoop loop) {
    return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class)
        ? EpollSocketChannel.class
        : NioSocketChannel.class;
  }
}
