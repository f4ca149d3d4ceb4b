package io.sallyport.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.policy.PolicySet;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.TestCa;
import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a ticket lives, by keys that change when the test says so. */
final class TicketKeysTest {
  private final TestCa ca = TestCa.create(Instant.now());
  private final TestIdentity server = ca.server();
  private final Scheduler scheduler = new Scheduler();
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final TrustState trust = new TrustState();
  private final DeviceTrust devices =
      new DeviceTrust(
          new DeviceAnchors(List.of(ca.devices()), List.of(ca.root())),
          trust,
          TlsSettings.DEFAULTS,
          InstantSource.system());
  private final TicketKeys keys = new TicketKeys(TlsSettings.DEFAULTS.ticketKeyPeriod());
  private final GateTls tls =
      new GateTls(
          ShownCertificates.only(new ServerCredentials(server.privateKey(), server.chain())),
          new Staples(InstantSource.system()),
          new Validations(),
          devices,
          devices,
          keys,
          scheduler);
  private int port;

  @BeforeEach
  void listen() {
    var greeting =
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            channel
                .pipeline()
                .addLast(tls.newHandler(channel.alloc(), Greeting.NONE), new Greeter());
          }
        };
    var listener =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(greeting)
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    port = ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @AfterEach
  void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    tls.close();
    scheduler.shutdownNow();
  }

  @Test
  void theKeyChangesWithThePeriod() {
    assertThat(scheduler.period).isEqualTo(TlsSettings.DEFAULTS.ticketKeyPeriod());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aTicketOutlivesOneChangeOfTheKeyAndNotTwo(String protocol) throws IOException {
    var oneChange = device("one-change");
    var twoChanges = device("two-changes");
    visit(oneChange, protocol);
    visit(twoChanges, protocol);
    assertThat(devices.resumptions()).isZero();

    scheduler.change();
    visit(oneChange, protocol);
    assertThat(devices.resumptions()).as("the key before still opens").isEqualTo(1);

    scheduler.change();
    visit(twoChanges, protocol);
    assertThat(devices.resumptions()).as("nothing opens it any more").isEqualTo(1);
    visit(twoChanges, protocol);
    assertThat(devices.resumptions()).as("its new ticket serves").isEqualTo(2);
  }

  @Test
  void keysThatAreGivenTakeThePlaceOfOurOwn() throws IOException {
    var client = device("given");
    keys.take(List.of(shared(1), shared(2)));
    visit(client, "TLSv1.3");
    visit(client, "TLSv1.3");
    assertThat(devices.resumptions()).isEqualTo(1);

    scheduler.change();
    visit(client, "TLSv1.3");
    assertThat(devices.resumptions()).as("ours are made no more").isEqualTo(2);

    keys.take(List.of(shared(2), shared(3), shared(1)));
    visit(client, "TLSv1.3");
    assertThat(devices.resumptions()).as("the key before still opens").isEqualTo(3);

    keys.take(List.of(shared(4), shared(5)));
    visit(client, "TLSv1.3");
    assertThat(devices.resumptions()).as("of the others none does").isEqualTo(3);
  }

  @Test
  void keysThatAreTakenAreWiped() {
    var key = shared(1);
    keys.take(List.of(key));
    assertThat(key).containsOnly(0);
    assertThatThrownBy(() -> keys.take(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> keys.take(List.of(new byte[3])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] shared(int number) {
    var key = new byte[TicketKeys.KEY_BYTES];
    Arrays.fill(key, (byte) number);
    return key;
  }

  private SSLContext device(String id) {
    var device = ca.device(id);
    trust.put(
        new TrustedPrincipal(
            new PrincipalId(id),
            PrincipalKind.DEVICE,
            Standing.ACTIVE,
            Set.of(device.fingerprint()),
            PolicySet.of(List.of()),
            null,
            Map.of()));
    return device.sslContext();
  }

  /** A handshake, and a byte of the server's, before which tickets of TLS 1.3 come. */
  private void visit(SSLContext client, String protocol) throws IOException {
    try (var socket = MqttClient.socket(client, port)) {
      socket.setSoTimeout(10_000);
      socket.setEnabledProtocols(new String[] {protocol});
      assertThat(socket.getInputStream().read()).isEqualTo('!');
    }
  }

  /** Greets whoever was let in. */
  @SuppressWarnings("FutureReturnValueIgnored") // A greeting that is lost fails the client's read.
  private static final class Greeter extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
        ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'!'}));
      }
    }
  }

  /** Runs what is to be repeated when told, instead of by the clock. */
  private static final class Scheduler extends ScheduledThreadPoolExecutor {
    private Runnable repeated = () -> {};
    private Duration period = Duration.ZERO;

    Scheduler() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable command, long initialDelay, long every, TimeUnit unit) {
      repeated = command;
      period = Duration.of(every, unit.toChronoUnit());
      return schedule(() -> {}, 1, TimeUnit.DAYS);
    }

    void change() {
      repeated.run();
    }
  }
}
