package io.sallyport.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.sallyport.gateway.connection.HandshakeTurns.Rank;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Stands before TLS until the handshake is done. What is not TLS by its very first byte is closed
 * at once. A refused client is given the time to read why: were the socket closed while it still
 * sends its part of the handshake, the kernel would reset the connection and the alert would be
 * lost. For the same reason it comes back at the end.
 */
// What becomes of a write or a close shows in the channel itself: it is gone, or soon will be.
@SuppressWarnings("FutureReturnValueIgnored")
final class FirstDoor extends ChannelDuplexHandler {
  // RFC 8446, 5.1: ContentType handshake.
  private static final int HANDSHAKE = 0x16;

  private final Connection connection;
  private long begunNanos;
  private boolean tls;
  private boolean helloSeen;
  private boolean lingering;
  // Bound: while something waits here, nothing more is read, so it is what one read brought.
  private final Queue<Object> waiting = new ArrayDeque<>(0);

  FirstDoor(Connection connection) {
    this.connection = connection;
  }

  /** The same once more, at the end of a connection whose client may still be sending. */
  static FirstDoor again(Connection connection) {
    var door = new FirstDoor(connection);
    door.tls = true;
    return door;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (lingering || connection.phase() == Phase.CLOSED) {
      ReferenceCountUtil.release(message);
    } else if (tls || isHandshake(message)) {
      if (!tls) {
        tls = true;
        begunNanos = connection.loop().meters().now();
      }
      step(ctx, message);
    } else {
      ReferenceCountUtil.release(message);
      connection.authentication().refusePlain();
    }
  }

  /** Goes on with the handshake, at once or when it is its turn. */
  private void step(ChannelHandlerContext ctx, Object message) {
    var turns = connection.loop().handshakes();
    if (waiting.isEmpty() && turns.isFree()) {
      turns.take(() -> pass(ctx, message));
      return;
    }
    waiting.add(message);
    if (waiting.size() == 1) {
      connection.pause(Pause.HANDSHAKE);
      turns.queue(rank(message), () -> goOn(ctx));
    }
  }

  private Rank rank(Object message) {
    if (helloSeen) {
      return Rank.BEGUN;
    }
    return message instanceof ByteBuf hello && connection.authentication().showsTicket(hello)
        ? Rank.RESUMING
        : Rank.NEW;
  }

  private void pass(ChannelHandlerContext ctx, Object message) {
    helloSeen = true;
    ctx.fireChannelRead(message);
  }

  private void goOn(ChannelHandlerContext ctx) {
    if (ctx.isRemoved()) {
      return;
    }
    var message = waiting.poll();
    while (message != null && !lingering && connection.phase() != Phase.CLOSED) {
      pass(ctx, message);
      message = waiting.poll();
    }
    ReferenceCountUtil.release(message);
    forget();
    ctx.fireChannelReadComplete();
    connection.resume(Pause.HANDSHAKE);
  }

  private void forget() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  /** When the handshake is done, whoever passes on what waited goes on with the rest of it. */
  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (!ctx.channel().isActive() || connection.phase() == Phase.CLOSED) {
      forget();
    }
  }

  /** When the first byte of the handshake came. */
  long begunNanos() {
    return begunNanos;
  }

  private static boolean isHandshake(Object message) {
    return message instanceof ByteBuf bytes
        && bytes.isReadable()
        && bytes.getUnsignedByte(bytes.readerIndex()) == HANDSHAKE;
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (!tls || lingering || !(ctx.channel() instanceof DuplexChannel socket)) {
      ctx.close(promise);
      return;
    }
    lingering = true;
    // The client closes when it has read the alert, or the connection's deadline does.
    socket.closeFuture().addListener(_ -> promise.trySuccess());
    socket.shutdownOutput();
  }
}
