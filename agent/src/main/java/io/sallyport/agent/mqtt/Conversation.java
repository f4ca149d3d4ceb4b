package io.sallyport.agent.mqtt;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** What the server says on one connection. */
final class Conversation extends SimpleChannelInboundHandler<MqttMessage> {
  private static final int RECEIVE_MAXIMUM_DEFAULT = 65_535;
  // Bound: the agent's own window, however generous the server is.
  private static final int WINDOW_MAX = 32;
  // Bound of what an unknown server may make us hold in one reason.
  private static final int FAILURE = 0x80;

  private final Connection connection;
  private final Greeting greeting;
  private boolean connected;

  Conversation(Connection connection, Greeting greeting) {
    this.connection = connection;
    this.greeting = greeting;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    switch (event) {
      case SslHandshakeCompletionEvent done when done.isSuccess() -> {
        var _ = context.writeAndFlush(Packets.connect(greeting));
        // In TLS 1.3 a refused certificate shows only now; and a silent server is no server.
        var patience = greeting.patience().toMillis();
        context.pipeline().addFirst(new IdleStateHandler(patience, 0, 0, TimeUnit.MILLISECONDS));
      }
      case SslHandshakeCompletionEvent failed -> connection.end(Endings.of(failed.cause()));
      case IdleStateEvent idle when idle.state() == IdleState.WRITER_IDLE -> {
        var _ = context.writeAndFlush(Packets.ping());
      }
      case IdleStateEvent _ -> connection.end(new Ending.Lost("the server is silent"));
      default -> context.fireUserEventTriggered(event);
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
    if (message.decoderResult().isFailure()) {
      connection.end(
          new Ending.Lost("the server sent no MQTT: " + message.decoderResult().cause()));
      return;
    }
    switch (message.fixedHeader().messageType()) {
      case CONNACK -> greeted(context, (MqttConnAckMessage) message);
      case PUBLISH -> delivered((MqttPublishMessage) message);
      case PUBACK -> acknowledged(message);
      case SUBACK -> subscribed((MqttSubAckMessage) message);
      case DISCONNECT -> dismissed(message);
      case PINGRESP -> {
        // That it came is what counts.
      }
      case CONNECT, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, UNSUBSCRIBE, UNSUBACK, PINGREQ, AUTH ->
          connection.end(
              new Ending.Lost(
                  "the server sent an unexpected " + message.fixedHeader().messageType()));
    }
  }

  private void greeted(ChannelHandlerContext context, MqttConnAckMessage message) {
    var header = message.variableHeader();
    var code = header.connectReturnCode().byteValue() & 0xff;
    if (connected || code != 0) {
      connection.end(Endings.ofReason("CONNACK", code, Packets.reason(header.properties())));
      return;
    }
    connected = true;
    var seconds =
        Packets.number(
            header.properties(),
            MqttProperties.SERVER_KEEP_ALIVE,
            Math.toIntExact(greeting.keepAlive().toSeconds()));
    if (seconds > 0) {
      // Half an interval of silence from us is a ping; one and a half from the server is the end.
      context
          .pipeline()
          .replace(
              IdleStateHandler.class,
              "idle",
              new IdleStateHandler(seconds * 1_500L, seconds * 500L, 0, TimeUnit.MILLISECONDS));
    }
    var offered =
        Packets.number(
            header.properties(), MqttProperties.RECEIVE_MAXIMUM, RECEIVE_MAXIMUM_DEFAULT);
    connection.connected(Math.min(offered, WINDOW_MAX), header.isSessionPresent());
  }

  private void delivered(MqttPublishMessage message) {
    var header = message.variableHeader();
    var qos = message.fixedHeader().qosLevel().value();
    var payload = ByteBufUtil.getBytes(message.payload());
    connection.delivered(header.topicName(), payload, qos == 0 ? 0 : header.packetId());
  }

  private void acknowledged(MqttMessage message) {
    var answer =
        message.variableHeader() instanceof MqttPubReplyMessageVariableHeader reply
            ? new Answer(reply.reasonCode() & 0xff, Packets.reason(reply.properties()))
            : new Answer(0, "");
    connection.answered(Packets.packetId(message), answer, true);
  }

  private void subscribed(MqttSubAckMessage message) {
    var worst =
        message.payload().reasonCodes().stream().mapToInt(Integer::intValue).max().orElse(FAILURE);
    connection.answered(Packets.packetId(message), new Answer(worst, ""), false);
  }

  private void dismissed(MqttMessage message) {
    if (message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header) {
      connection.end(
          Endings.ofReason(
              "DISCONNECT", header.reasonCode() & 0xff, Packets.reason(header.properties())));
    } else {
      connection.end(new Ending.Lost("DISCONNECT"));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    connection.end(new Ending.Lost("the server closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    connection.end(Endings.of(cause));
  }
}
