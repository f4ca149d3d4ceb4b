package io.sallyport.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One HTTP request on a connection of its own, again and again, by a few clients at once: how a
 * relying party asks for a status, and all that {@code openssl ocsp} serves.
 */
public final class Repeated {
  private static final int CLIENTS = 4;
  private static final int ANSWER_MS_MAX = 10_000;
  private static final int STATUS_LINE = 12;

  private final int port;
  private final byte[] request;

  /**
   * What is asked.
   *
   * @param port of a server on this machine
   */
  public Repeated(int port, String path, String contentType, byte[] body) {
    this.port = port;
    var head =
        """
        POST %s HTTP/1.1\r
        Host: localhost\r
        Content-Type: %s\r
        Content-Length: %d\r
        Connection: close\r
        \r
        """
            .formatted(path, contentType, body.length)
            .getBytes(StandardCharsets.US_ASCII);
    this.request = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, request, head.length, body.length);
  }

  /**
   * Asks for so long.
   *
   * @return how many were answered with 200
   * @throws LoadFailure if one was not
   */
  public long ask(Duration length) throws InterruptedException {
    var answered = new AtomicLong();
    var end = System.nanoTime() + length.toNanos();
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      var running = new ArrayList<Future<?>>();
      for (int n = 0; n < CLIENTS; n++) {
        running.add(
            clients.submit(
                () -> {
                  while (System.nanoTime() < end) {
                    once();
                    answered.incrementAndGet();
                  }
                }));
      }
      for (var each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new LoadFailure("port " + port + ": " + e.getCause());
    }
    return answered.get();
  }

  private void once() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(ANSWER_MS_MAX);
      socket.getOutputStream().write(request);
      var answer = socket.getInputStream().readAllBytes();
      var status =
          new String(answer, 0, Math.min(STATUS_LINE, answer.length), StandardCharsets.US_ASCII);
      if (!status.endsWith(" 200")) {
        throw new LoadFailure("answered '" + status + "'");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
