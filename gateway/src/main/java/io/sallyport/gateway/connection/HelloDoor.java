package io.sallyport.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the ClientHello and makes way for TLS if the handshake may begin. Until then a
 * connection has no TLS state, so that half-open ones cost next to nothing.
 */
final class HelloDoor extends SslClientHelloHandler<Boolean> {
  /** Bound: one with a post-quantum key share and a ticket has less than a quarter of it. */
  static final int HELLO_BYTES_MAX = 16 << 10;

  private final Connection connection;
  private final GateContext gate;

  HelloDoor(Connection connection, GateContext gate) {
    super(HELLO_BYTES_MAX);
    this.connection = connection;
    this.gate = gate;
  }

  @Override
  protected Future<Boolean> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf hello) {
    return ctx.executor().newSucceededFuture(connection.authentication().begins(hello));
  }

  @Override
  protected void onLookupComplete(ChannelHandlerContext ctx, Future<Boolean> begins) {
    if (begins.getNow()) {
      var tls = gate.tls();
      ctx.pipeline()
          .replace(
              this,
              null,
              connection.isGuest()
                  ? tls.newHandlerOfGuest(ctx.alloc())
                  : tls.newHandler(ctx.alloc()));
    } else {
      connection.turnAway();
    }
  }
}
