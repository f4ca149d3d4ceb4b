package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A connected MQTT client; what it does once it is ready is its subclass's. */
abstract class Client extends PacketReader {
  private final String id;
  private final long expirySeconds;
  private final @Nullable String filter;
  private final int qos;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private @Nullable ChannelHandlerContext context;
  private int receiveMaximum = Packets.RECEIVE_MAXIMUM;

  /** With a filter it is ready when subscribed, else when connected. */
  Client(String id, long expirySeconds, @Nullable String filter, int qos) {
    this.id = id;
    this.expirySeconds = expirySeconds;
    this.filter = filter;
    this.qos = qos;
  }

  /** Connects; done when the client is ready, or failed with the reason. */
  final CompletableFuture<Void> connect(Network network, ClientTls tls) {
    network
        .open(id, tls, _ -> this)
        .addListener(
            (ChannelFuture opened) -> {
              if (!opened.isSuccess()) {
                fail(String.valueOf(opened.cause()));
              }
            });
    return ready;
  }

  final String id() {
    return id;
  }

  /** How many unacknowledged publications the server takes from this client. */
  final int receiveMaximum() {
    return receiveMaximum;
  }

  final ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not connected: " + id);
    }
    return context;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public final void userEventTriggered(ChannelHandlerContext source, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion && completion.isSuccess()) {
      var _ = source.writeAndFlush(Packets.connect(id, expirySeconds));
    }
  }

  @Override
  final void packet(ChannelHandlerContext source, int type, int flags, ByteBuf in, int end) {
    switch (type) {
      case Packets.CONNACK -> connected(source, in);
      case Packets.SUBACK -> subscribed(in, end);
      default -> received(type, flags, in, end);
    }
  }

  private void connected(ChannelHandlerContext source, ByteBuf in) {
    var reason = in.getUnsignedByte(in.readerIndex() + 1);
    if (reason != 0) {
      fail("CONNECT refused with reason " + reason);
      return;
    }
    in.skipBytes(2);
    receiveMaximum = ConnackProperties.receiveMaximum(in);
    if (filter == null) {
      ready.complete(null);
    } else {
      var _ = source.writeAndFlush(Packets.subscribe(filter, qos));
    }
  }

  private void subscribed(ByteBuf in, int end) {
    var reason = in.getUnsignedByte(end - 1);
    if (reason > 2) {
      fail("SUBSCRIBE refused with reason " + reason);
    } else {
      ready.complete(null);
    }
  }

  /** A packet other than CONNACK and SUBACK. */
  abstract void received(int type, int flags, ByteBuf in, int end);

  /** The connection is gone after the client was ready. */
  abstract void lost(String why);

  @Override
  public void channelInactive(ChannelHandlerContext source) {
    fail("the server closed the connection");
  }

  @Override
  public final void exceptionCaught(ChannelHandlerContext source, Throwable cause) {
    fail(String.valueOf(cause));
    var _ = source.close();
  }

  private void fail(String why) {
    if (!ready.completeExceptionally(new LoadFailure(id + ": " + why))) {
      lost(why);
    }
  }
}
