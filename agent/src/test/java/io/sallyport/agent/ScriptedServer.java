package io.sallyport.agent;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.sallyport.testkit.TestIdentity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server that says what a test wants it to say. */
// What becomes of a write shows in what the client sees.
@SuppressWarnings("FutureReturnValueIgnored")
final class ScriptedServer implements AutoCloseable {
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel channel;
  private final List<Channel> clients = new CopyOnWriteArrayList<>();
  private final List<String> published = new CopyOnWriteArrayList<>();
  private final List<String> acknowledgedByDevice = new CopyOnWriteArrayList<>();
  private final AtomicInteger connects = new AtomicInteger();
  private volatile int connectCode;
  private volatile int publishCode;
  private volatile boolean silent;
  private volatile @Nullable Runnable beforeSubAck;
  private int packetId;

  ScriptedServer(TestIdentity identity) {
    var tls =
        new JdkSslContext(
            identity.sslContext(),
            false,
            null,
            IdentityCipherSuiteFilter.INSTANCE,
            ApplicationProtocolConfig.DISABLED,
            ClientAuth.REQUIRE,
            new String[] {"TLSv1.3"},
            false);
    channel =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel made) {
                    made.pipeline()
                        .addLast(tls.newHandler(made.alloc()))
                        .addLast(MqttEncoder.INSTANCE)
                        .addLast(new MqttDecoder(1 << 20))
                        .addLast(new Script());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((java.net.InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Every publication so far, as topic, space, payload. */
  List<String> published() {
    return published;
  }

  int connects() {
    return connects.get();
  }

  /** From now on each CONNECT is answered so. */
  void answerConnects(int code) {
    connectCode = code;
  }

  /** From now on each PUBLISH is answered so. */
  void answerPublishes(int code) {
    publishCode = code;
  }

  /** From now on no PUBLISH is answered. */
  void beSilent(boolean quiet) {
    silent = quiet;
  }

  /**
   * From now on this is done before a SUBSCRIBE is answered: what a session kept comes so early.
   */
  void beforeSubAck(Runnable sending) {
    beforeSubAck = sending;
  }

  /** Sends every client that message at QoS 1. */
  void send(String topic, String payload) {
    send(topic, payload.getBytes(StandardCharsets.UTF_8));
  }

  void send(String topic, byte[] payload) {
    clients.forEach(
        client ->
            client.writeAndFlush(
                MqttMessageBuilders.publish()
                    .topicName(topic)
                    .qos(MqttQoS.AT_LEAST_ONCE)
                    .messageId(++packetId)
                    .payload(io.netty.buffer.Unpooled.wrappedBuffer(payload))
                    .build()));
  }

  List<String> acknowledgedByDevice() {
    return acknowledgedByDevice;
  }

  void disconnect(int code) {
    clients.forEach(
        client ->
            client
                .writeAndFlush(
                    new MqttMessage(
                        new MqttFixedHeader(
                            MqttMessageType.DISCONNECT, false, MqttQoS.AT_MOST_ONCE, false, 0),
                        new MqttReasonCodeAndPropertiesVariableHeader(
                            (byte) code, MqttProperties.NO_PROPERTIES)))
                // It is the client's to close; were it ours at once, what it is still sending
                // would reset the connection, and what it was told would be lost.
                .addListener(
                    _ -> client.eventLoop().schedule(() -> client.close(), 1, TimeUnit.SECONDS)));
  }

  void cut() {
    clients.forEach(Channel::close);
  }

  private final class Script extends SimpleChannelInboundHandler<MqttMessage> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
      switch (message) {
        case MqttConnectMessage _ -> {
          connects.incrementAndGet();
          clients.add(context.channel());
          context.writeAndFlush(
              MqttMessageBuilders.connAck()
                  .returnCode(MqttConnectReturnCode.valueOf((byte) connectCode))
                  .properties(MqttProperties.NO_PROPERTIES)
                  .sessionPresent(false)
                  .build());
        }
        case MqttPublishMessage publish -> {
          published.add(
              publish.variableHeader().topicName()
                  + " "
                  + new String(ByteBufUtil.getBytes(publish.payload()), StandardCharsets.UTF_8));
          if (!silent) {
            context.writeAndFlush(
                new MqttMessage(
                    new MqttFixedHeader(
                        MqttMessageType.PUBACK, false, MqttQoS.AT_MOST_ONCE, false, 0),
                    new MqttPubReplyMessageVariableHeader(
                        publish.variableHeader().packetId(),
                        (byte) publishCode,
                        MqttProperties.NO_PROPERTIES)));
          }
        }
        case MqttSubscribeMessage subscribe -> {
          var answer =
              MqttMessageBuilders.subAck().packetId(subscribe.variableHeader().messageId());
          subscribe
              .payload()
              .topicSubscriptions()
              .forEach(_ -> answer.addGrantedQos(MqttQoS.AT_LEAST_ONCE));
          var before = beforeSubAck;
          if (before == null) {
            context.writeAndFlush(answer.build());
          } else {
            before.run();
            context
                .executor()
                .schedule(() -> context.writeAndFlush(answer.build()), 300, TimeUnit.MILLISECONDS);
          }
        }
        default -> {
          if (message.fixedHeader().messageType() == MqttMessageType.PUBACK) {
            acknowledgedByDevice.add(
                String.valueOf(
                    ((MqttMessageIdVariableHeader) message.variableHeader()).messageId()));
          }
        }
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      clients.remove(context.channel());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    cut();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
