package io.sallyport.control.rest;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.sallyport.control.operators.Role;
import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the routes over HTTPS with bounds on everything that a client can make long or many. */
public final class RestServer implements AutoCloseable {
  /** Bound: open connections. */
  static final int CONNECTIONS_MAX = 256;

  /** Bound: requests that are being answered; one more is told to come again. */
  static final int REQUESTS_MAX = 64;

  // In seconds: a database that fails over is back within some.
  private static final String STORE_RETRY_AFTER = "2";
  private static final Set<HandlerType> REPEATABLE = Set.of(HandlerType.GET, HandlerType.PUT);
  private static final int HEADERS_MAX = 8 * 1024;
  private static final Duration IDLE_MAX = Duration.ofSeconds(30);
  private static final Duration STOP_MAX = Duration.ofSeconds(3);
  private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);

  private static final Map<String, String> HEADERS =
      Map.of(
          "Cache-Control", "no-store",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Referrer-Policy", "no-referrer",
          "Strict-Transport-Security", "max-age=31536000",
          "X-Content-Type-Options", "nosniff");

  // Status requests are base64 in a path, which has slashes, encoded or two in a row.
  private static final UriCompliance BASE64_IN_PATHS =
      UriCompliance.DEFAULT.with(
          "base64",
          UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
          UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT);

  private static final Pattern AMBIGUOUS = Pattern.compile("%2[fF]");

  private final Access access;
  private final Semaphore slots = new Semaphore(REQUESTS_MAX);
  private final Javalin javalin;
  private final Connectors connectors;
  private final int port;

  RestServer(
      String host,
      int wantedPort,
      HttpsCredentials credentials,
      X509Certificate operatorAuthority,
      Access access,
      List<Route> routes) {
    this.access = access;
    connectors = new Connectors(host, wantedPort, credentials, operatorAuthority);
    javalin = Javalin.create(config -> configure(config, connectors, routes));
    javalin.start();
    port = connectors.port();
  }

  /** The port that is listened on. */
  public int port() {
    return port;
  }

  /** Shows another certificate from the next handshake on; connections stay. */
  public void show(HttpsCredentials credentials) {
    connectors.show(credentials);
  }

  @Override
  public void close() {
    javalin.stop();
  }

  private void configure(JavalinConfig config, Connectors connectors, List<Route> routes) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.http.prefer405over404 = true;
    config.http.maxRequestSize = Route.BATCH_BODY_MAX;
    config.jetty.modifyServer(
        server -> {
          server.setErrorHandler(new BareErrorHandler());
          server.setStopTimeout(STOP_MAX.toMillis());
        });
    config.jetty.modifyHttpConfiguration(RestServer::bound);
    config.jetty.addConnector(connectors::https);
    config.routes.before(this::admit);
    for (var route : routes) {
      config.routes.addHttpHandler(
          HandlerType.findOrDefault(route.method()), route.path(), http -> serve(http, route));
    }
    config.routes.exception(Problem.class, (problem, http) -> send(http, problem));
    config.routes.exception(
        HttpResponseException.class,
        (e, http) -> send(http, new Problem(e.getStatus(), "no-such-call", "no such call")));
    config.routes.exception(Exception.class, RestServer::broken);
  }

  /** Nobody learns even which paths there are without a certificate; but for the open ones. */
  private void admit(Context http) {
    HEADERS.forEach(http::header);
    if (isAmbiguous(http.path())) {
      throw new Problem(400, "ambiguous-path", "a path has no empty part and no encoded slash");
    }
    if (!isOpen(http.path())) {
      http.attribute("operator", access.authenticate(http));
    }
  }

  /** Of the health and of revocations everybody may hear, also who has no certificate yet. */
  private static boolean isOpen(String path) {
    return path.equals("/health")
        || path.equals("/ocsp")
        || path.startsWith("/ocsp/")
        || path.startsWith("/crl/");
  }

  /** Two might read it differently; base64 alone needs such paths. */
  private static boolean isAmbiguous(String path) {
    return !path.startsWith("/ocsp/") && (path.contains("//") || AMBIGUOUS.matcher(path).find());
  }

  private void serve(Context http, Route route) {
    if (!slots.tryAcquire()) {
      http.header("Retry-After", "1");
      throw new Problem(503, "busy", "at most " + REQUESTS_MAX + " requests at a time");
    }
    try {
      var answer = route.handler().answer(new Call(http, actor(http, route), route.bodyMax()));
      http.status(answer.status());
      answer.headers().forEach(http::header);
      http.contentType(answer.contentType());
      http.result(answer.body() instanceof byte[] bytes ? bytes : Json.write(answer.body()));
    } finally {
      slots.release();
    }
  }

  private String actor(Context http, Route route) {
    io.sallyport.control.operators.OperatorRecord operator = http.attribute("operator");
    if (route.role() == null) {
      return "anonymous";
    }
    if (operator == null) {
      throw new Problem(401, "no-certificate", "an operator's certificate is needed");
    }
    access.require(route.role(), operator, route.method() + " " + route.path());
    if (http.queryParam(Call.ALLOW_BREACH) != null) {
      // Whoever may enrol may not waive what the security officer laid down.
      access.require(Role.SECURITY, operator, Call.ALLOW_BREACH + " " + route.path());
    }
    return operator.name().value();
  }

  private static void broken(Exception e, Context http) {
    LOG.atError()
        .setMessage("a request failed")
        .addKeyValue("method", http.method().name())
        .addKeyValue("path", http.path())
        .setCause(e)
        .log();
    // It may have failed after it was done: only what can be done twice may be tried again.
    if (e instanceof StoreUnavailable && REPEATABLE.contains(http.method())) {
      http.header("Retry-After", STORE_RETRY_AFTER);
    }
    send(
        http,
        switch (e) {
          case StoreUnavailable _ ->
              new Problem(
                  503,
                  "store-unavailable",
                  "the database cannot be used now; the server's log says why");
          case IssuanceUnavailable _ ->
              new Problem(503, "issuance-unavailable", String.valueOf(e.getMessage()));
          default -> new Problem(500, "internal", "the request failed; the log says why");
        });
  }

  private static void send(Context http, Problem problem) {
    http.status(problem.status());
    http.contentType("application/problem+json");
    if (problem.status() == 413) {
      // What is left of the body is not read.
      http.header("Connection", "close");
    }
    http.result(Json.write(problem.body()));
  }

  private static void bound(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(HEADERS_MAX);
  }

  /** Makes the one connector and remembers it, to know its port. */
  private static final class Connectors {
    private final String host;
    private final int wantedPort;
    private final X509Certificate operatorAuthority;
    private final SslContextFactory.Server tls;
    private int port;
    private @org.jspecify.annotations.Nullable ServerConnector made;

    Connectors(
        String host,
        int wantedPort,
        HttpsCredentials credentials,
        X509Certificate operatorAuthority) {
      this.host = host;
      this.wantedPort = wantedPort;
      this.operatorAuthority = operatorAuthority;
      tls = Tls.server(credentials, operatorAuthority);
    }

    Connector https(Server server, HttpConfiguration shared) {
      var http = new HttpConfiguration(shared);
      // The certificate's names are the client's to check; operators come by any of our addresses.
      http.addCustomizer(new SecureRequestCustomizer(false));
      http.setUriCompliance(BASE64_IN_PATHS);
      var connector =
          new ServerConnector(
              server,
              new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()),
              new HttpConnectionFactory(http));
      connector.setHost(host);
      connector.setPort(wantedPort);
      connector.setIdleTimeout(IDLE_MAX.toMillis());
      server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, connector));
      made = connector;
      return connector;
    }

    void show(HttpsCredentials credentials) {
      var context = Tls.context(credentials, operatorAuthority);
      try {
        tls.reload(factory -> factory.setSslContext(context));
      } catch (Exception e) {
        throw new IllegalStateException("TLS cannot be set up", e);
      }
    }

    int port() {
      if (made != null) {
        port = made.getLocalPort();
      }
      return port;
    }
  }
}
