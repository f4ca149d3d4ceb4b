package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.List;

/**
 * Full handshakes with certificates that nobody signed whom the server trusts. It is served when
 * the server has signed and sent its part: in TLS 1.3 it has not seen the certificate before.
 */
final class StrangerAssault implements Assault {
  private static final int OPEN_MAX = 1_000;
  private static final long MILLIS_MAX = 5_000;

  private final Network network;
  private final Tally tally;
  private final List<ClientTls> identities;
  private final boolean byteByByte;
  private int number;

  /** Byte by byte, each byte that an attacker sends is a write of its own. */
  StrangerAssault(Network network, Tally tally, Credentials strangers, boolean byteByByte) {
    this.network = network;
    this.tally = tally;
    this.identities = strangers.ids().stream().map(id -> strangers.tls(id, false)).toList();
    this.byteByByte = byteByByte;
  }

  @Override
  public void attempt() {
    if (tally.underWay() >= OPEN_MAX) {
      return;
    }
    var tls = identities.get(number % identities.size());
    var connection = new Connection();
    connection.begin(
        network.connect(
            number++,
            channel -> {
              if (byteByByte) {
                channel.pipeline().addLast(new Shredder());
              }
              channel.pipeline().addLast(tls.handler(channel), connection);
            }));
  }

  private final class Connection extends Attempt {
    Connection() {
      super(tally, MILLIS_MAX);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      // The server's refusal is awaited: who goes of his own accord has not failed.
      if (event instanceof SslHandshakeCompletionEvent completion && completion.isSuccess()) {
        served();
      }
    }
  }

  /** Sends each byte by itself. */
  private static final class Shredder extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      var bytes = (ByteBuf) message;
      while (bytes.readableBytes() > 1) {
        var _ = context.writeAndFlush(bytes.readRetainedSlice(1));
      }
      var _ = context.writeAndFlush(bytes, promise);
    }
  }
}
