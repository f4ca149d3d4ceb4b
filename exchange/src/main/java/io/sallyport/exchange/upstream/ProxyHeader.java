package io.sallyport.exchange.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Tells the broker where a device comes from, before anything else is said (PROXY protocol v2, the
 * specification of HAProxy, 2.2).
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
  private static final byte[] SIGNATURE = {
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
  };
  private static final int VERSION_2_LOCAL = 0x20;
  private static final int VERSION_2_PROXY = 0x21;
  private static final int TCP_OVER_IPV4 = 0x11;
  private static final int TCP_OVER_IPV6 = 0x21;

  private final @Nullable InetSocketAddress source;

  /**
   * @param source null when the connection is the gateway's own matter
   */
  ProxyHeader(@Nullable InetSocketAddress source) {
    this.source = source;
  }

  // If the write fails, so does the connection.
  @SuppressWarnings("FutureReturnValueIgnored")
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    var header = ctx.alloc().buffer();
    write(header, source, (InetSocketAddress) ctx.channel().remoteAddress());
    ctx.writeAndFlush(header, ctx.voidPromise());
    ctx.pipeline().remove(this);
    ctx.fireChannelActive();
  }

  static void write(
      ByteBuf out, @Nullable InetSocketAddress source, InetSocketAddress destination) {
    out.writeBytes(SIGNATURE);
    if (source == null || source.isUnresolved()) {
      out.writeByte(VERSION_2_LOCAL).writeByte(0).writeShort(0);
      return;
    }
    boolean four =
        source.getAddress() instanceof Inet4Address
            && destination.getAddress() instanceof Inet4Address;
    out.writeByte(VERSION_2_PROXY).writeByte(four ? TCP_OVER_IPV4 : TCP_OVER_IPV6);
    out.writeShort(four ? 12 : 36);
    out.writeBytes(bytes(source.getAddress(), four));
    out.writeBytes(bytes(destination.getAddress(), four));
    out.writeShort(source.getPort()).writeShort(destination.getPort());
  }

  /**
   * Where the families differ, the IPv4 address is written as its IPv6 form (RFC 4291, 2.5.5.2).
   */
  private static byte[] bytes(InetAddress address, boolean four) {
    byte[] raw = address.getAddress();
    if (four || raw.length == 16) {
      return raw;
    }
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xFF;
    mapped[11] = (byte) 0xFF;
    System.arraycopy(raw, 0, mapped, 12, 4);
    return mapped;
  }
}
