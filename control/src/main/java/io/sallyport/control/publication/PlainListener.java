package io.sallyport.control.publication;

import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.identity.issuance.OcspRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists and answers over plain HTTP, and nothing else but what an ACME server looks for. Plain,
 * because whoever asks cannot trust a TLS certificate before it has the answer, and every answer is
 * signed (RFC 5280, 8).
 */
final class PlainListener implements AutoCloseable {
  /** Bound: open connections. */
  static final int CONNECTIONS_MAX = 256;

  /** Bound: requests a second, of all askers together. */
  static final int REQUESTS_MAX = 2_000;

  /** Bound: how long one connection lasts, whatever is done with it. */
  static final Duration CONNECTION_MAX = Duration.ofSeconds(30);

  // Bound: requests that are being answered.
  private static final int ANSWERED_MAX = 64;

  private static final int HEADERS_MAX = 8 * 1024;
  private static final Duration IDLE_MAX = Duration.ofSeconds(5);
  private static final Duration STOP_MAX = Duration.ofSeconds(2);
  private static final int THREADS = 8;
  private static final String LISTS = "/crl/";
  private static final String STATUS = "/ocsp";
  private static final String VALIDATION = "/.well-known/acme-challenge/";
  private static final String STATUS_REQUEST = "application/ocsp-request";
  private static final Logger LOG = LoggerFactory.getLogger(PlainListener.class);

  private final Server server;
  private final ServerConnector connector;

  PlainListener(
      InetSocketAddress address,
      Publication publication,
      InstantSource clock,
      Duration connectionMax) {
    var threads = new QueuedThreadPool(THREADS, THREADS);
    threads.setName("pki");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(
        VirtualThreads.getNamedVirtualThreadsExecutor("pki-request-"));
    server = new Server(threads);
    server.setStopTimeout(STOP_MAX.toMillis());
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(bounds()));
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(IDLE_MAX.toMillis());
    connector.addBean(new Ending(connector, connectionMax));
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, connector));
    server.setHandler(new Answers(publication, clock));
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw new AddressUnusable(address, e);
    }
  }

  int port() {
    return connector.getLocalPort();
  }

  private static HttpConfiguration bounds() {
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
    http.setRequestHeaderSize(HEADERS_MAX);
    // Base64 in a path has slashes, and two of them in a row.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "base64",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
            UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT));
    return http;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.atWarn().setCause(e).log("the listener for revocation lists did not stop in order");
    }
  }

  /** Ends each connection after its time: who drips a byte now and then is never idle. */
  private record Ending(ServerConnector connector, Duration most) implements Connection.Listener {
    @Override
    public void onOpened(Connection connection) {
      var _ =
          connector
              .getScheduler()
              .schedule(
                  () -> connection.getEndPoint().close(), most.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onClosed(Connection connection) {
      // Closing it once more does nothing.
    }
  }

  /** Answers the few paths that there are. */
  private static final class Answers extends Handler.Abstract {
    private final Publication publication;
    private final Budget requests;
    private final Semaphore slots = new Semaphore(ANSWERED_MAX);

    Answers(Publication publication, InstantSource clock) {
      this.publication = publication;
      requests = new Budget(REQUESTS_MAX, clock);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      var answer = bounded(request);
      response.setStatus(answer.status());
      var headers = response.getHeaders();
      answer.headers().forEach(headers::put);
      headers.put(HttpHeader.CONTENT_TYPE, answer.contentType());
      headers.put("X-Content-Type-Options", "nosniff");
      if (answer.status() >= 400) {
        headers.put(HttpHeader.CONNECTION, "close");
      }
      if (answer.status() == 503) {
        headers.put(HttpHeader.RETRY_AFTER, "1");
      }
      response.write(true, ByteBuffer.wrap(answer.body()).asReadOnlyBuffer(), callback);
      return true;
    }

    private PublicAnswer bounded(Request request) {
      if (!requests.take() || !slots.tryAcquire()) {
        return PublicAnswer.refusal(503, "too many requests at a time");
      }
      try {
        return answer(request);
      } catch (StoreUnavailable e) {
        LOG.atError().setCause(e).log("a request for revocations failed");
        return PublicAnswer.refusal(503, "the registry does not answer");
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("a request for revocations failed");
        return PublicAnswer.refusal(500, "the request failed; the log says why");
      } finally {
        slots.release();
      }
    }

    private PublicAnswer answer(Request request) {
      var path = request.getHttpURI().getPath();
      var known = request.getHeaders().get(HttpHeader.IF_NONE_MATCH);
      if (request.getHttpURI().getQuery() != null) {
        return PublicAnswer.refusal(404, "there is nothing with a query here");
      }
      return switch (request.getMethod()) {
        case "GET" -> {
          if (path.startsWith(LISTS)) {
            yield publication.list(path.substring(LISTS.length()), known);
          }
          if (path.startsWith(VALIDATION)) {
            yield publication.validation(path.substring(VALIDATION.length()));
          }
          yield path.startsWith(STATUS + "/")
              ? publication.asked(path.substring(STATUS.length() + 1), known)
              : nothing();
        }
        case "POST" ->
            path.equals(STATUS) || path.equals(STATUS + "/") ? posted(request) : nothing();
        default -> PublicAnswer.refusal(405, "only GET, and POST of a status request");
      };
    }

    private static PublicAnswer nothing() {
      return PublicAnswer.refusal(404, "there are only /crl/NAME.crl and /ocsp here");
    }

    private PublicAnswer posted(Request request) {
      if (!STATUS_REQUEST.equals(request.getHeaders().get(HttpHeader.CONTENT_TYPE))) {
        return PublicAnswer.refusal(415, "the content type must be " + STATUS_REQUEST);
      }
      if (request.getLength() > OcspRequest.BYTES_MAX) {
        return tooLong();
      }
      try (var in = Content.Source.asInputStream(request)) {
        var body = in.readNBytes(OcspRequest.BYTES_MAX + 1);
        return body.length > OcspRequest.BYTES_MAX ? tooLong() : publication.posted(body);
      } catch (IOException e) {
        return PublicAnswer.refusal(400, "the body did not arrive in full");
      }
    }

    private static PublicAnswer tooLong() {
      return PublicAnswer.refusal(413, "a request has at most " + OcspRequest.BYTES_MAX + " bytes");
    }
  }
}
