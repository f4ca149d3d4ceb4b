package io.sallyport.exchange.upstream;

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
  }

  /** How long a broker that does not read is given for the last packets. */
  private static final long LINGER_SECONDS = 2;

  private final Channel channel;
  private final LongSupplier nanos;
  private final Runnable flush = this::flush;
  private Receiver receiver;
  private boolean flushDue;
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
    if (channel.config().isAutoRead() != wanted) {
      // What was not wanted is no silence.
      lastRead = nanos.getAsLong();
      channel.config().setAutoRead(wanted);
    }
  }

  boolean isListening() {
    return channel.config().isAutoRead();
  }

  long lastWrite() {
    return lastWrite;
  }

  long lastRead() {
    return lastRead;
  }

  /** Writes a packet, which leaves at the end of this turn. */
  void send(Object packet) {
    channel.write(packet, channel.voidPromise());
    if (!flushDue) {
      flushDue = true;
      channel.eventLoop().execute(flush);
    }
  }

  private void flush() {
    flushDue = false;
    lastWrite = nanos.getAsLong();
    channel.flush();
  }

  /** Ends it after what was written, and after one last packet if there is one. */
  void close(@Nullable MqttMessage last) {
    if (ended) {
      return;
    }
    ended = true;
    // A broker that is not listened to would never show that it has closed.
    channel.config().setAutoRead(true);
    Object packet = last == null ? Unpooled.EMPTY_BUFFER : last;
    channel.writeAndFlush(packet).addListener(ChannelFutureListener.CLOSE);
    channel.eventLoop().schedule(this::abandon, LINGER_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Says a last packet and leaves the closing to the broker, so that when it is done the broker has
   * read that packet; one that does not close is left after a while.
   */
  ChannelFuture part(MqttMessage last) {
    ended = true;
    channel.config().setAutoRead(true);
    channel.writeAndFlush(last);
    channel.eventLoop().schedule(this::abandon, LINGER_SECONDS, TimeUnit.SECONDS);
    return channel.closeFuture();
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
        receiver.received(read);
      }
    } finally {
      ReferenceCountUtil.release(packet);
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
