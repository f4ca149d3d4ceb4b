package io.sallyport.gateway.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.OpenSslX509KeyManagerFactory;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
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
import java.util.function.Function;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

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
  private final Staples staples;
  private final Validations validations;
  private volatile Faces faces;
  private volatile boolean closed;

  /** One certificate as devices and as guests meet it. */
  private record Face(
      X509Certificate leaf,
      ReferenceCountedOpenSslServerContext devices,
      ReferenceCountedOpenSslServerContext guests) {
    /** Connections hold what they need of it until they end. */
    void release() {
      ReferenceCountUtil.release(devices);
      ReferenceCountUtil.release(guests);
    }
  }

  /** What is shown, and to whom. */
  private record Faces(ShownCertificates shown, Face everybody, @Nullable Face named) {
    Face of(Greeting greeting) {
      return named != null && shown.isNamed(greeting.serverName()) ? named : everybody;
    }

    List<Face> all() {
      return named == null ? List.of(everybody) : List.of(everybody, named);
    }
  }

  /** Contexts that let in whom the trust managers let in, guests by their own. */
  public GateTls(
      ShownCertificates shown,
      Staples staples,
      Validations validations,
      X509TrustManager trust,
      X509TrustManager guestTrust,
      TicketKeys tickets,
      ScheduledExecutorService scheduler) {
    this.trust = trust;
    this.guestTrust = guestTrust;
    this.staples = staples;
    this.validations = validations;
    this.tickets = tickets;
    this.faces = faces(shown);
    tickets.begin(faces.everybody().devices().sessionContext(), scheduler);
    tickets.moveTo(sessions(faces));
  }

  private Faces faces(ShownCertificates shown) {
    var named = shown.named();
    return new Faces(shown, face(shown.everybody()), named == null ? null : face(named));
  }

  private Face face(ServerCredentials credentials) {
    return new Face(
        credentials.chain().getFirst(),
        context(credentials, trust),
        guests(credentials, guestTrust));
  }

  private static List<OpenSslSessionContext> sessions(Faces faces) {
    return faces.all().stream()
        .<OpenSslSessionContext>map(face -> face.devices().sessionContext())
        .toList();
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

  /** For an ACME server: it shows no certificate, and agrees on the protocol by its name. */
  static ReferenceCountedOpenSslServerContext validationContext(ServerCredentials proof) {
    try {
      return built(
          showing(proof, false)
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      Protocol.ALPN,
                      SelectorFailureBehavior.NO_ADVERTISE,
                      SelectedListenerFailureBehavior.ACCEPT,
                      Greeting.ACME_TLS)),
          proof,
          ClientAuth.NONE);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("TLS context cannot be made", e);
    }
  }

  private static ReferenceCountedOpenSslServerContext context(
      ServerCredentials credentials, X509TrustManager trust, ClientAuth clients, boolean waiting) {
    try {
      return built(showing(credentials, waiting).trustManager(trust), credentials, clients);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("TLS context cannot be made", e);
    }
  }

  private static ReferenceCountedOpenSslServerContext built(
      SslContextBuilder builder, ServerCredentials credentials, ClientAuth clients)
      throws IOException {
    OpenSsl.ensureAvailability();
    var context =
        (ReferenceCountedOpenSslServerContext)
            builder
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
                .enableOcsp(true)
                .build();
    context.setBioNonApplicationBufferSize(HANDSHAKE_BUFFER);
    // Tickets carry the whole session: nothing is kept here for devices that are gone.
    context.sessionContext().setSessionCacheEnabled(false);
    return context;
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

  /** What a ClientHello asks for; nothing if it cannot be read. */
  public Greeting greeting(@Nullable ByteBuf hello) {
    return hello == null ? Greeting.NONE : ClientHello.greeting(hello);
  }

  /**
   * Answers an ACME server that looks whether a name is ours (RFC 8737, 3); null if that is none,
   * or none that we wait for.
   */
  public @Nullable SslHandler newHandlerOfValidation(
      ByteBufAllocator allocator, Greeting greeting) {
    var held = greeting.isValidation() ? validations.held(greeting.serverName()) : null;
    return held == null ? null : newHandler(allocator, held);
  }

  /** The TLS handler of one connection; its timeouts are its connection's. */
  public SslHandler newHandler(ByteBufAllocator allocator, Greeting greeting) {
    return newHandler(allocator, greeting, Face::devices);
  }

  /** The same for somebody who need not show a certificate; if it shows one, it must be good. */
  public SslHandler newHandlerOfGuest(ByteBufAllocator allocator, Greeting greeting) {
    return newHandler(allocator, greeting, Face::guests);
  }

  private SslHandler newHandler(
      ByteBufAllocator allocator,
      Greeting greeting,
      Function<Face, ReferenceCountedOpenSslServerContext> role) {
    while (true) {
      var face = faces.of(greeting);
      var held = held(role.apply(face));
      if (held != null) {
        var handler = newHandler(allocator, held);
        // Only for whom it is: each connection keeps a copy for good.
        var staple = greeting.wantsStatus() ? staples.of(face.leaf()) : null;
        if (staple != null) {
          ((ReferenceCountedOpenSslEngine) handler.engine()).setOcspResponse(staple);
        }
        return handler;
      }
    }
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

  /**
   * A context, kept from being freed while a handler is made of it; null if it was replaced between
   * the two steps, so that the next look finds its successor.
   */
  private @Nullable ReferenceCountedOpenSslServerContext held(
      ReferenceCountedOpenSslServerContext inForce) {
    try {
      return (ReferenceCountedOpenSslServerContext) inForce.retain();
    } catch (IllegalReferenceCountException e) {
      if (closed) {
        throw e;
      }
      return null;
    }
  }

  /**
   * Shows these certificates from the next handshake on. Connections stay as they are, and tickets
   * resume as before: they are proof of the device, not of the server, and are checked each time.
   */
  public synchronized void show(ShownCertificates shown) {
    if (closed) {
      return;
    }
    var next = faces(shown);
    tickets.moveTo(sessions(next));
    var before = faces;
    faces = next;
    before.all().forEach(Face::release);
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
    faces.all().forEach(Face::release);
    validations.close();
  }
}
