package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.util.HexFormat;

/** Connections that speak no TLS of their own: they say some bytes, or none, and stay. */
final class RawAssault implements Assault {
  private static final long SILENCE_MILLIS = 1_000;
  private static final long HALF_OPEN_MILLIS = 120_000;
  private static final long ANSWER_MILLIS = 5_000;

  /** The first bytes of a ClientHello of 508 bytes, the rest of which never comes. */
  private static final byte[] HALF =
      HexFormat.of().parseHex("1603010200010001fc0303" + "5a".repeat(32));

  private final Network network;
  private final Tally tally;
  private final byte[] flight;
  private final int openMax;
  private final long millisMax;
  private final boolean answerServes;
  private int number;

  private RawAssault(
      Network network,
      Tally tally,
      byte[] flight,
      int openMax,
      long millisMax,
      boolean answerServes) {
    this.network = network;
    this.tally = tally;
    this.flight = flight;
    this.openMax = openMax;
    this.millisMax = millisMax;
    this.answerServes = answerServes;
  }

  /** Handshakes that begin and go no further. */
  static Assault halfOpen(Network network, Tally tally, int openMax) {
    return new RawAssault(network, tally, HALF, openMax, HALF_OPEN_MILLIS, false);
  }

  /** Connections that never say anything, and go after a second. */
  static Assault silence(Network network, Tally tally, int openMax) {
    return new RawAssault(network, tally, new byte[0], openMax, SILENCE_MILLIS, false);
  }

  /** A recorded first flight; who gets an answer to it has been served, and goes. */
  static Assault replay(Network network, Tally tally, int openMax, byte[] recorded) {
    return new RawAssault(network, tally, recorded, openMax, ANSWER_MILLIS, true);
  }

  @Override
  public void attempt() {
    if (tally.underWay() >= openMax) {
      return;
    }
    var connection = new Connection();
    connection.begin(network.connect(number++, connection));
  }

  private final class Connection extends Attempt {
    Connection() {
      super(tally, millisMax);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (flight.length > 0) {
        var _ = context.writeAndFlush(Unpooled.wrappedBuffer(flight));
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      // Anything but an alert goes on with the handshake.
      var isAnswer = message instanceof ByteBuf bytes && bytes.getByte(bytes.readerIndex()) == 0x16;
      super.channelRead(context, message);
      if (answerServes && isAnswer) {
        served();
        var _ = context.close();
      }
    }
  }
}
