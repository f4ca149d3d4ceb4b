package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLException;

/**
 * One device that asks for new keys all the time: TLS 1.3 has no renegotiation, and this is what it
 * has instead. The JDK's engine does so when it is told to shake hands again.
 */
final class KeyUpdateAssault extends InsiderAssault<KeyUpdateAssault.Asker> {
  private final Tally tally;
  private final String id;

  KeyUpdateAssault(Network network, Tally tally, Credentials devices) {
    super(network, devices.tlsOfTheJdk(devices.ids().getFirst()));
    this.tally = tally;
    this.id = devices.ids().getFirst();
  }

  @Override
  Asker client() {
    return new Asker();
  }

  @Override
  void attempt(Asker client) {
    client.ask();
  }

  /** The device. */
  final class Asker extends Client {
    Asker() {
      super(id, 0, null, 0);
    }

    /** What the server took is not told; so an update is served unless it ends the connection. */
    void ask() {
      tally.begun();
      try {
        context().pipeline().get(SslHandler.class).engine().beginHandshake();
        var _ = context().writeAndFlush(Unpooled.EMPTY_BUFFER);
        tally.served();
      } catch (SSLException _) {
        tally.refused();
        var _ = context().close();
      }
    }

    @Override
    void received(int type, int flags, ByteBuf in, int end) {
      // A DISCONNECT with the reason may precede the end.
    }

    @Override
    void lost(String why) {
      tally.begun();
      tally.refused();
      KeyUpdateAssault.this.lost(this);
    }
  }
}
