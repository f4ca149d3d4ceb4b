package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
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
  private final HandshakeLoad.Proof proof;
  private final Outcome outcome;
  private boolean secured;
  private boolean decided;

  Knock(SslHandler security, String clientId, HandshakeLoad.Proof proof, Outcome outcome) {
    this.security = security;
    this.clientId = clientId;
    this.proof = proof;
    this.outcome = outcome;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (proof == HandshakeLoad.Proof.TICKETS) {
      context.pipeline().addFirst(new TicketWatch(context));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion && completion.isSuccess()) {
      secured = true;
      if (proof == HandshakeLoad.Proof.CONNACK) {
        var _ = context.writeAndFlush(Packets.connect(clientId, 0));
      }
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

  /**
   * Sees the bytes below TLS. In TLS 1.3 a server that asks for a client certificate has nothing to
   * send after its own Finished before it has verified that certificate; then come its tickets.
   */
  private final class TicketWatch extends ChannelInboundHandlerAdapter {
    private final ChannelHandlerContext above;

    TicketWatch(ChannelHandlerContext above) {
      this.above = above;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      var afterwards = secured;
      context.fireChannelRead(bytes);
      if (afterwards) {
        accept(above);
      }
    }
  }
}
