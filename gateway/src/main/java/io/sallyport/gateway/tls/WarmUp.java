package io.sallyport.gateway.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Ticker;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;

/**
 * Handshakes between two engines in memory before the listener opens, because a cold JVM takes many
 * times as long for each of the first ones. The certificate on both sides is our own, and nothing
 * but the two engines ever trusts it as a client's.
 */
public final class WarmUp {
  // A handshake ends in far fewer rounds, or never.
  private static final int ROUNDS_MAX = 16;

  private WarmUp() {}

  /** Makes handshakes until the time is over, one at least. */
  public static void run(ServerCredentials credentials, Duration budget) {
    var ticker = Ticker.systemTicker();
    long end = ticker.nanoTime() + budget.toNanos();
    var trust = new OwnCertificate(credentials.chain().getFirst());
    SslContext server = GateTls.waitingContext(credentials, trust);
    SslContext client = client(credentials, trust);
    try {
      do {
        handshake(server, client);
      } while (ticker.nanoTime() < end);
    } catch (SSLException e) {
      throw new IllegalStateException("the server certificate does not serve", e);
    } finally {
      ReferenceCountUtil.release(client);
      ReferenceCountUtil.release(server);
    }
  }

  private static SslContext client(ServerCredentials credentials, X509TrustManager trust) {
    try {
      var client =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.OPENSSL_REFCNT)
              .keyStoreType("JKS")
              .endpointIdentificationAlgorithm(null)
              .trustManager(trust);
      return credentials.isOpaque()
          ? client.build()
          : client.keyManager(credentials.key(), credentials.chain()).build();
    } catch (SSLException e) {
      throw new IllegalStateException("TLS context cannot be made", e);
    }
  }

  private static void handshake(SslContext server, SslContext client) throws SSLException {
    var serving = server.newEngine(ByteBufAllocator.DEFAULT);
    var asking = client.newEngine(ByteBufAllocator.DEFAULT);
    try {
      int size = serving.getSession().getPacketBufferSize() * 2;
      var there = ByteBuffer.allocateDirect(size);
      var back = ByteBuffer.allocateDirect(size);
      var plain = ByteBuffer.allocateDirect(serving.getSession().getApplicationBufferSize());
      for (int round = 0; round < ROUNDS_MAX; round++) {
        move(asking, serving, there, plain);
        work(serving);
        move(serving, asking, back, plain);
        work(asking);
        if (isDone(asking) && isDone(serving)) {
          return;
        }
      }
    } finally {
      ReferenceCountUtil.release(serving);
      ReferenceCountUtil.release(asking);
    }
  }

  /** What an engine leaves to its caller: verifying, and signing with a key that is elsewhere. */
  private static void work(SSLEngine engine) {
    for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  private static boolean isDone(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void move(SSLEngine from, SSLEngine to, ByteBuffer wire, ByteBuffer plain)
      throws SSLException {
    wire.clear();
    from.wrap(ByteBuffer.allocate(0), wire);
    wire.flip();
    while (wire.hasRemaining()) {
      plain.clear();
      if (to.unwrap(wire, plain).bytesConsumed() == 0) {
        return;
      }
    }
  }
}
