package io.sallyport.exchange.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.sallyport.exchange.Reason;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the broker. What is written in one turn of its loop leaves together at the end
 * of that turn.
 */
// What becomes of a write or a close shows in the channel itself: it is gone, or soon will be.
@SuppressWarnings("FutureReturnValueIgnored")
final class Link extends ChannelInboundHandlerAdapter {
  /** Who is told what happens here; on the link's loop. */
  interface Receiver {
    /** TCP stands: what is sent from now on comes after what the wire itself has to say. */
    default void reached() {}

    /** One packet; released afterwards. */
    void received(MqttMessage packet);

    /** The connection is gone, once, and not by our own wish. */
    void gone(Reason reason, String why);

    /** More, or nothing, can be written now. */
    default void writabilityChanged() {}

    /** How many publications the broker has not acknowledged. */
    default int unanswered() {
      return 0;
    }
  }

  // What is written in one turn is copied together up to this size: one TLS record holds as much.
  private static final int BATCH_MAX = 16 << 10;
  private static final int BATCH_FIRST = 512;

  /** How long a broker that does not read is given for the last packets. */
  private static final long LINGER_SECONDS = 2;

  private final Channel channel;
  private final LongSupplier nanos;
  private final Runnable flush = this::flush;
  private final Runnable resume = this::resume;
  private Receiver receiver;
  private final Patience patience = new Patience();
  private @Nullable ByteBuf batch;
  private boolean flushDue;
  private boolean isWanted = true;
  private boolean isResting;
  private boolean ended;
  private @Nullable Throwable failure;

  /** Written by the loop, read by the timer that looks for silence. */
  private volatile long lastWrite;

  private volatile long lastRead;

  Link(Channel channel, LongSupplier nanos, Receiver receiver) {
    this.channel = channel;
    this.nanos = nanos;
    this.receiver = receiver;
    lastWrite = nanos.getAsLong();
    lastRead = lastWrite;
  }

  /** Hands it over; whatever comes next is told to the new receiver. */
  void receiver(Receiver next) {
    receiver = next;
  }

  Channel channel() {
    return channel;
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  /** Whether the broker is listened to; it keeps what it has meanwhile. */
  void listen(boolean wanted) {
    if (isWanted != wanted) {
      // What was not wanted is no silence.
      lastRead = nanos.getAsLong();
      isWanted = wanted;
      channel.config().setAutoRead(wanted && !isResting);
    }
  }

  boolean isListening() {
    return isWanted;
  }

  long lastWrite() {
    return lastWrite;
  }

  long lastRead() {
    return lastRead;
  }

  /** Writes a packet, which leaves at the end of this turn. */
  void send(MqttMessage packet) {
    finish();
    channel.write(packet, channel.voidPromise());
    flushLater();
  }

  /** A buffer for so many bytes, to write one packet into, which leaves at the end of this turn. */
  ByteBuf room(int bytes) {
    flushLater();
    ByteBuf open = batch;
    if (open != null && open.maxWritableBytes() >= bytes) {
      return open;
    }
    finish();
    open = channel.alloc().directBuffer(Math.max(bytes, BATCH_FIRST), Math.max(bytes, BATCH_MAX));
    batch = open;
    return open;
  }

  private void flushLater() {
    if (!flushDue) {
      flushDue = true;
      channel.eventLoop().execute(flush);
    }
  }

  /** What comes next is written after the batch. */
  private void finish() {
    ByteBuf full = batch;
    if (full != null) {
      batch = null;
      channel.write(full, channel.voidPromise());
    }
  }

  private void flush() {
    flushDue = false;
    lastWrite = nanos.getAsLong();
    finish();
    channel.flush();
  }

  /** Ends it after what was written, as if the line had been cut. */
  void cut() {
    if (ended) {
      return;
    }
    leave(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /**
   * Says a last packet and leaves the closing to the broker, so that when it is done the broker has
   * read that packet: one that hears of the close first may publish the will of who has taken its
   * leave. A broker that does not close is left after a while.
   */
  ChannelFuture part(MqttMessage last) {
    if (!ended) {
      leave(last);
    }
    return channel.closeFuture();
  }

  private ChannelFuture leave(Object last) {
    ended = true;
    // A broker that is not listened to would never show that it has closed.
    channel.config().setAutoRead(true);
    finish();
    channel.eventLoop().schedule(this::abandon, LINGER_SECONDS, TimeUnit.SECONDS);
    return channel.writeAndFlush(last);
  }

  /** Closes the socket without a word. */
  void abandon() {
    ended = true;
    channel.close();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    receiver.reached();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object packet) {
    try {
      lastRead = nanos.getAsLong();
      if (ended) {
        return;
      }
      var read = (MqttMessage) packet;
      if (read.decoderResult().isFailure()) {
        failure = read.decoderResult().cause();
        end(Reason.SERVER_UNAVAILABLE);
        abandon();
      } else {
        patience.read(read.fixedHeader().messageType());
        receiver.received(read);
      }
    } finally {
      ReferenceCountUtil.release(packet);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    long rest = patience.rest(receiver.unanswered());
    if (rest > 0 && !isResting && !ended) {
      isResting = true;
      channel.config().setAutoRead(false);
      channel.eventLoop().schedule(resume, rest, TimeUnit.NANOSECONDS);
    }
  }

  private void resume() {
    isResting = false;
    if (!ended) {
      channel.config().setAutoRead(isWanted);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!ended) {
      receiver.writabilityChanged();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done && !done.isSuccess()) {
      failure = failure == null ? done.cause() : failure;
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    failure = failure == null ? cause : failure;
    end(Reason.SERVER_UNAVAILABLE);
    abandon();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end(Reason.SERVER_UNAVAILABLE);
  }

  /** It is over, for a reason that the device may know. */
  void end(Reason reason) {
    if (!ended) {
      ended = true;
      receiver.gone(reason, why());
    }
  }

  private String why() {
    Throwable known = failure;
    return known == null ? "the broker closed the connection" : describe(known);
  }

  /** A failure and its first cause, for an operator's eyes. */
  static String describe(Throwable known) {
    Throwable root = known;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return known.getCause() == null
        ? String.valueOf(known.getMessage())
        : known.getMessage() + ": " + root;
  }
}
