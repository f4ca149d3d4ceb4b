package io.sallyport.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.sallyport.gateway.tls.Greeting;
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
  private Greeting greeting;

  HelloDoor(Connection connection, GateContext gate) {
    super(HELLO_BYTES_MAX);
    this.connection = connection;
    this.gate = gate;
    this.greeting = gate.tls().greeting(null);
  }

  @Override
  protected Future<Boolean> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf hello) {
    greeting = gate.tls().greeting(hello);
    return ctx.executor().newSucceededFuture(connection.authentication().begins(hello));
  }

  @Override
  protected void onLookupComplete(ChannelHandlerContext ctx, Future<Boolean> begins) {
    if (begins.getNow()) {
      ctx.pipeline().replace(this, null, handler(ctx.alloc()));
    } else {
      connection.turnAway();
    }
  }

  private SslHandler handler(ByteBufAllocator allocator) {
    var tls = gate.tls();
    var validation = tls.newHandlerOfValidation(allocator, greeting);
    if (validation != null) {
      connection.authentication().validates();
      return validation;
    }
    return connection.isGuest()
        ? tls.newHandlerOfGuest(allocator, greeting)
        : tls.newHandler(allocator, greeting);
  }
}
