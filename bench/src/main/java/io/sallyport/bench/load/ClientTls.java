package io.sallyport.bench.load;

import io.netty.channel.Channel;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * TLS of one generated device: TLS 1.3 and X25519, so that every server under test does the same
 * work. BoringSSL offers AES-128-GCM first by itself.
 */
final class ClientTls {
  private static final int TICKETS_KEPT = 16;

  private final SslContext context;
  private final Target target;

  /** With resumption a device offers the tickets that it was given before. */
  ClientTls(ClientFiles files, Target target, TrustManager trust, boolean resumption) {
    this(
        files,
        target,
        trust,
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL)
            .option(OpenSslContextOption.GROUPS, new String[] {"X25519"})
            .sessionCacheSize(TICKETS_KEPT));
    ((OpenSslSessionContext) context.sessionContext()).setSessionCacheEnabled(resumption);
  }

  private ClientTls(
      ClientFiles files, Target target, TrustManager trust, SslContextBuilder builder) {
    this.target = target;
    try {
      context =
          builder
              .keyManager(files.certificate().toFile(), files.key().toFile())
              .trustManager(trust)
              .protocols("TLSv1.3")
              .build();
    } catch (SSLException e) {
      throw new LoadFailure("cannot read the identity of " + files.id(), e);
    }
  }

  /** By the JDK's engine, which can ask for new keys. */
  static ClientTls ofTheJdk(ClientFiles files, Target target, TrustManager trust) {
    var builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    return new ClientTls(files, target, trust, builder);
  }

  SslHandler handler(Channel channel) {
    return context.newHandler(channel.alloc(), target.host(), target.port());
  }

  static boolean resumed(SslHandler handler) {
    return SSL.isSessionReused(((ReferenceCountedOpenSslEngine) handler.engine()).sslPointer());
  }
}
