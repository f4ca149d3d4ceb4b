package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** One connection that is closed as soon as the server has shown that it accepts the device. */
final class Knock extends PacketReader {
  /** Told once how it went. */
  interface Outcome {
    void accepted(SslHandler security);

    void refused(String why);
  }

  private final SslHandler security;
  private final String clientId;
  private final Outcome outcome;
  private boolean decided;

  Knock(SslHandler security, String clientId, Outcome outcome) {
    this.security = security;
    this.clientId = clientId;
    this.outcome = outcome;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion && completion.isSuccess()) {
      var _ = context.writeAndFlush(Packets.connect(clientId, 0));
    }
  }

  @Override
  void packet(ChannelHandlerContext context, int type, int flags, ByteBuf in, int end) {
    if (type == Packets.CONNACK && in.getUnsignedByte(in.readerIndex() + 1) == 0) {
      var _ = context.write(Packets.disconnect());
      accept(context);
    } else {
      refuse(context, "packet type " + type + " in answer to CONNECT");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    refuse(context, "the server closed the connection");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    refuse(context, String.valueOf(cause));
  }

  private void accept(ChannelHandlerContext context) {
    if (!decided) {
      decided = true;
      outcome.accepted(security);
      var _ = context.close();
    }
  }

  private void refuse(ChannelHandlerContext context, String why) {
    if (!decided) {
      decided = true;
      outcome.refused(why);
      var _ = context.close();
    }
  }
}
