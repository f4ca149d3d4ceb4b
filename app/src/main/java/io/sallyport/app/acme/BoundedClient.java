package io.sallyport.app.acme;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/**
 * Takes no answer that is too long, nor one that comes too slowly: the library reads whatever comes
 * for as long as it comes.
 */
final class BoundedClient extends HttpClient {
  /** Bound: bytes of an answer; a directory, an order or a chain has a few KiB. */
  static final int ANSWER_BYTES_MAX = 256 * 1024;

  private final HttpClient client;
  private final Duration answerMax;

  /**
   * Asks by another client.
   *
   * @param answerMax longest wait for the whole of an answer
   */
  BoundedClient(HttpClient client, Duration answerMax) {
    this.client = client;
    this.answerMax = answerMax;
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    var asking =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
    try {
      var answer = asking.get(answerMax.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer<>(answer, body(answer, handler));
    } catch (TimeoutException e) {
      asking.cancel(true);
      throw new HttpTimeoutException("no whole answer within " + answerMax.toSeconds() + " s");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException broken) {
        throw new IOException(
            broken.getMessage() == null ? broken.toString() : broken.getMessage());
      }
      throw new IOException("the answer cannot be read", e.getCause());
    }
  }

  private static <T> T body(HttpResponse<byte[]> answer, BodyHandler<T> handler) {
    var subscriber = handler.apply(new Info(answer));
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {
            // All of it is here.
          }

          @Override
          public void cancel() {
            // Nothing more would come.
          }
        });
    subscriber.onNext(List.of(ByteBuffer.wrap(answer.body())));
    subscriber.onComplete();
    return subscriber.getBody().toCompletableFuture().join();
  }

  private record Info(HttpResponse<byte[]> of) implements HttpResponse.ResponseInfo {
    @Override
    public int statusCode() {
      return of.statusCode();
    }

    @Override
    public HttpHeaders headers() {
      return of.headers();
    }

    @Override
    public Version version() {
      return of.version();
    }
  }

  private record Answer<T>(HttpResponse<byte[]> of, T body) implements HttpResponse<T> {
    @Override
    public int statusCode() {
      return of.statusCode();
    }

    @Override
    public HttpRequest request() {
      return of.request();
    }

    @Override
    public Optional<HttpResponse<T>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public HttpHeaders headers() {
      return of.headers();
    }

    @Override
    public Optional<SSLSession> sslSession() {
      return of.sslSession();
    }

    @Override
    public URI uri() {
      return of.uri();
    }

    @Override
    public Version version() {
      return of.version();
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    throw unused();
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushes) {
    throw unused();
  }

  private static UnsupportedOperationException unused() {
    return new UnsupportedOperationException("the library waits for its answers");
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return client.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return client.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return client.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return client.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return client.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return client.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return client.authenticator();
  }

  @Override
  public Version version() {
    return client.version();
  }

  @Override
  public Optional<Executor> executor() {
    return client.executor();
  }
}
