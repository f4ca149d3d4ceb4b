package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.List;

/** A device that everybody trusts connects, sends what is no MQTT, and comes again. */
final class MalformedAssault implements Assault {
  private static final int OPEN_MAX = 200;
  private static final long MILLIS_MAX = 5_000;

  /** After CONNACK: a reserved type, a length of five bytes, a SUBSCRIBE without a filter. */
  private static final List<byte[]> PACKETS =
      List.of(
          new byte[] {0, 0},
          new byte[] {0x30, -1, -1, -1, -1, 1},
          new byte[] {(byte) 0x82, 3, 0, 1, 0});

  private final Network network;
  private final Tally tally;
  private final List<String> ids;
  private final List<ClientTls> identities;
  private int number;

  MalformedAssault(Network network, Tally tally, Credentials devices) {
    this.network = network;
    this.tally = tally;
    this.ids = devices.ids();
    this.identities = ids.stream().map(id -> devices.tls(id, false)).toList();
  }

  @Override
  public void attempt() {
    if (tally.underWay() >= OPEN_MAX) {
      return;
    }
    var turn = number++;
    var tls = identities.get(turn % ids.size());
    var connection = new Connection(ids.get(turn % ids.size()), PACKETS.get(turn % PACKETS.size()));
    connection.begin(
        network.connect(
            turn, channel -> channel.pipeline().addLast(tls.handler(channel), connection)));
  }

  private final class Connection extends Attempt {
    private final String id;
    private final byte[] malformed;
    private boolean isSent;

    Connection(String id, byte[] malformed) {
      super(tally, MILLIS_MAX);
      this.id = id;
      this.malformed = malformed;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent completion && completion.isSuccess()) {
        var _ = context.writeAndFlush(Packets.connect(id, 0));
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      var isConnack =
          message instanceof ByteBuf bytes
              && bytes.getByte(bytes.readerIndex()) >> 4 == Packets.CONNACK;
      super.channelRead(context, message);
      if (isConnack && !isSent) {
        isSent = true;
        var _ = context.writeAndFlush(Unpooled.wrappedBuffer(malformed));
      }
    }
  }
}
