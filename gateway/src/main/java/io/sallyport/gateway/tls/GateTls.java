package io.sallyport.gateway.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.OpenSslX509KeyManagerFactory;
import io.netty.handler.ssl.ReferenceCountedOpenSslServerContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import javax.net.ssl.X509TrustManager;

/**
 * BoringSSL as the gate uses it: TLS 1.3 and 1.2, forward secrecy, a client certificate always, but
 * for the guests of the EST door.
 */
public final class GateTls implements AutoCloseable {
  // TLS 1.3 has no weak suites; of TLS 1.2 only these three are offered.
  private static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  private static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256"};

  // Bound: a leaf and an issuing CA need less than a quarter of this.
  private static final int CERTIFICATES_BYTES_MAX = 16 << 10;

  // Each connection keeps one for good, and needs it for its handshake only: a few more calls then
  // for much less memory while it sleeps (Netty's default is 2 KiB).
  private static final int HANDSHAKE_BUFFER = 256;

  private static final long CLOSE_NOTIFY_MILLIS_MAX = 500;

  private final X509TrustManager trust;
  private final X509TrustManager guestTrust;
  private final TicketKeys tickets;
  private volatile ReferenceCountedOpenSslServerContext context;
  private volatile ReferenceCountedOpenSslServerContext guests;
  private volatile boolean closed;

  /** A context that lets in whom the trust managers let in, guests by their own. */
  public GateTls(
      ServerCredentials credentials,
      X509TrustManager trust,
      X509TrustManager guestTrust,
      TicketKeys tickets,
      ScheduledExecutorService scheduler) {
    this.trust = trust;
    this.guestTrust = guestTrust;
    this.context = context(credentials, trust);
    this.guests = guests(credentials, guestTrust);
    this.tickets = tickets;
    tickets.begin(context.sessionContext(), scheduler);
  }

  static ReferenceCountedOpenSslServerContext context(
      ServerCredentials credentials, X509TrustManager trust) {
    return context(credentials, trust, ClientAuth.REQUIRE);
  }

  /** For handshakes on a thread that may wait for a key that lives elsewhere. */
  static ReferenceCountedOpenSslServerContext waitingContext(
      ServerCredentials credentials, X509TrustManager trust) {
    // Such a key proves us as a server only: nobody can show it as a client.
    return credentials.isOpaque()
        ? context(credentials, trust, ClientAuth.NONE, true)
        : context(credentials, trust);
  }

  /** It has no ticket keys, so that nobody resumes as a device what began as nobody's. */
  private static ReferenceCountedOpenSslServerContext guests(
      ServerCredentials credentials, X509TrustManager trust) {
    return context(credentials, trust, ClientAuth.OPTIONAL);
  }

  private static ReferenceCountedOpenSslServerContext context(
      ServerCredentials credentials, X509TrustManager trust, ClientAuth clients) {
    return context(credentials, trust, clients, false);
  }

  private static ReferenceCountedOpenSslServerContext context(
      ServerCredentials credentials, X509TrustManager trust, ClientAuth clients, boolean waiting) {
    OpenSsl.ensureAvailability();
    try {
      var context =
          (ReferenceCountedOpenSslServerContext)
              showing(credentials, waiting)
                  .sslProvider(SslProvider.OPENSSL_REFCNT)
                  // It never leaves the memory: deriving a key for it would only cost time.
                  .keyStoreType("JKS")
                  .protocols("TLSv1.3", "TLSv1.2")
                  .ciphers(SUITES)
                  .option(OpenSslContextOption.GROUPS, GROUPS.clone())
                  // BoringSSL asks a key that is elsewhere in a task, or not at all.
                  .option(OpenSslContextOption.USE_TASKS, credentials.isOpaque())
                  .option(OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES, CERTIFICATES_BYTES_MAX)
                  .clientAuth(clients)
                  .trustManager(trust)
                  .build();
      context.setBioNonApplicationBufferSize(HANDSHAKE_BUFFER);
      // Tickets carry the whole session: nothing is kept here for devices that are gone.
      context.sessionContext().setSessionCacheEnabled(false);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("TLS context cannot be made", e);
    }
  }

  /** A key that cannot be given to BoringSSL signs beside it. */
  private static SslContextBuilder showing(ServerCredentials credentials, boolean waiting)
      throws IOException, GeneralSecurityException {
    if (!credentials.isOpaque()) {
      return SslContextBuilder.forServer(credentials.key(), credentials.chain());
    }
    var chain = credentials.chain().toArray(X509Certificate[]::new);
    var builder = SslContextBuilder.forServer(OpenSslX509KeyManagerFactory.newKeyless(chain));
    var signing = new OpaqueKeySigning(credentials.key());
    return waiting
        ? builder.option(OpenSslContextOption.PRIVATE_KEY_METHOD, signing.waiting())
        : builder.option(OpenSslContextOption.ASYNC_PRIVATE_KEY_METHOD, signing);
  }

  /** The TLS handler of one connection; its timeouts are its connection's. */
  public SslHandler newHandler(ByteBufAllocator allocator) {
    return newHandler(allocator, held(() -> context));
  }

  /** The same for somebody who need not show a certificate; if it shows one, it must be good. */
  public SslHandler newHandlerOfGuest(ByteBufAllocator allocator) {
    return newHandler(allocator, held(() -> guests));
  }

  private static SslHandler newHandler(
      ByteBufAllocator allocator, ReferenceCountedOpenSslServerContext held) {
    try {
      var handler = held.newHandler(allocator);
      handler.setHandshakeTimeoutMillis(0);
      handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS_MAX);
      return handler;
    } finally {
      ReferenceCountUtil.release(held);
    }
  }

  /** The context in force, kept from being freed while a handler is made of it. */
  private ReferenceCountedOpenSslServerContext held(
      Supplier<ReferenceCountedOpenSslServerContext> inForce) {
    while (true) {
      try {
        return (ReferenceCountedOpenSslServerContext) inForce.get().retain();
      } catch (IllegalReferenceCountException e) {
        if (closed) {
          throw e;
        }
        // It was replaced between the two steps: the next look finds its successor.
      }
    }
  }

  /**
   * Shows this certificate from the next handshake on. Connections stay as they are, and tickets
   * resume as before: they are proof of the device, not of the server, and are checked each time.
   */
  public synchronized void show(ServerCredentials credentials) {
    if (closed) {
      return;
    }
    var next = context(credentials, trust);
    tickets.moveTo(next.sessionContext());
    var before = context;
    context = next;
    // Connections hold what they need of it until they end.
    ReferenceCountUtil.release(before);
    var guestsBefore = guests;
    guests = guests(credentials, guestTrust);
    ReferenceCountUtil.release(guestsBefore);
  }

  /** Whether a ClientHello shows what looks like a ticket of ours; only trying it will tell. */
  public boolean showsTicket(ByteBuf hello) {
    int at = ClientHello.ticketAt(hello, OpenSslSessionTicketKey.NAME_SIZE);
    return at >= 0 && tickets.isNamedIn(hello, at);
  }

  @Override
  public synchronized void close() {
    closed = true;
    tickets.end();
    ReferenceCountUtil.release(context);
    ReferenceCountUtil.release(guests);
  }
}
