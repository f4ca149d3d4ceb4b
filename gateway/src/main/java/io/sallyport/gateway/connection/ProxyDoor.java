package io.sallyport.gateway.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Takes the PROXY protocol header of a load balancer, version 2 alone: whom the connection is for.
 * Nothing of the connection is believed before it; its deadline is that of the handshake.
 */
final class ProxyDoor extends SimpleChannelInboundHandler<HAProxyMessage> {
  /** Bound: what may follow the addresses; balancers send some hundred bytes of it. */
  static final int EXTRA_BYTES_MAX = 2 << 10;

  private final Connection connection;

  ProxyDoor(Connection connection) {
    this.connection = connection;
  }

  /** What must stand before it. */
  static HAProxyMessageDecoder decoder() {
    return new HAProxyMessageDecoder(EXTRA_BYTES_MAX);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage header) {
    if (header.protocolVersion() != HAProxyProtocolVersion.V2) {
      connection.authentication().refuseProxy("a PROXY header of version 1");
    } else if (header.command() == HAProxyCommand.LOCAL) {
      // The balancer itself, to see whether we are there.
      entered(ctx);
    } else {
      var client = client(header);
      if (client == null) {
        connection.authentication().refuseProxy("a PROXY header that names no client");
      } else {
        connection.entrance().forwarded(client);
        entered(ctx);
      }
    }
  }

  /** The client that a header names, or null. */
  static @Nullable InetSocketAddress client(HAProxyMessage header) {
    return switch (header.proxiedProtocol()) {
      case TCP4, TCP6 ->
          new InetSocketAddress(InetAddress.ofLiteral(header.sourceAddress()), header.sourcePort());
      case UNKNOWN, UDP4, UDP6, UNIX_STREAM, UNIX_DGRAM -> null;
    };
  }

  private void entered(ChannelHandlerContext ctx) {
    if (connection.entrance().enter()) {
      ctx.pipeline().remove(this);
    } else {
      connection.turnAway();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    connection.authentication().refuseProxy("no PROXY header, or a malformed one");
  }
}
