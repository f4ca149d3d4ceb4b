package io.sallyport.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;

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
  private boolean lingering;

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
      ctx.fireChannelRead(message);
    } else {
      ReferenceCountUtil.release(message);
      connection.refusePlain();
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
