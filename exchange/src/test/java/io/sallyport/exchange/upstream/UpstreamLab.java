package io.sallyport.exchange.upstream;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.sallyport.exchange.Authority;
import io.sallyport.exchange.ExchangeLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** An exchange before a broker, and devices at it. */
final class UpstreamLab implements AutoCloseable {
  static final UpstreamSettings.Tls NO_FILES = new UpstreamSettings.Tls(null, null, null);
  static final Authority ALL_WILLS = (_, _, _) -> true;

  final UpstreamExchange exchange;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  UpstreamLab(Path folder, UpstreamSettings settings, Authority authority) {
    exchange =
        new UpstreamExchange(
            folder,
            settings,
            ExchangeLimits.DEFAULTS,
            authority,
            InstantSource.system(),
            System::nanoTime,
            RandomGenerator.getDefault());
  }

  UpstreamLab(Path folder, String address) {
    this(folder, settings(address, UpstreamSettings.Protocol.V5), ALL_WILLS);
  }

  static UpstreamSettings settings(String address, UpstreamSettings.Protocol protocol) {
    return settings(address, protocol, NO_FILES, false);
  }

  static UpstreamSettings settings(
      String address,
      UpstreamSettings.Protocol protocol,
      UpstreamSettings.Tls tls,
      boolean announcesSource) {
    return new UpstreamSettings(
        BrokerAddress.parse(address),
        tls,
        Credential.NONE,
        protocol,
        announcesSource,
        Duration.ofSeconds(15),
        Duration.ofMillis(400),
        30,
        1 << 20);
  }

  Device device(String id) {
    return new Device(loops.next(), exchange, id);
  }

  @Override
  public void close() {
    exchange.close();
    var _ = loops.shutdownGracefully();
  }
}
