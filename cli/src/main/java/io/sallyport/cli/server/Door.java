package io.sallyport.cli.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Asks a server that hung up whether it did so because of our certificate. In TLS 1.3 a client is
 * done before the server has looked at its certificate (RFC 8446, 4.4.4), so a request may be on
 * its way when the refusal is sent, and the reset that it meets overtakes the alert. Whoever says
 * nothing after the handshake always hears it.
 */
final class Door {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final Duration ALERT_MAX = Duration.ofSeconds(2);

  private Door() {}

  /** Whether the server at this address answers our certificate with an alert. */
  static boolean refuses(URI address, SSLContext tls) {
    try (var plain = new OneFlightSocket()) {
      plain.connect(
          new InetSocketAddress(address.getHost(), address.getPort()),
          (int) CONNECT_MAX.toMillis());
      plain.setSoTimeout((int) ALERT_MAX.toMillis());
      return isRefused(plain, address, tls);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isRefused(Socket plain, URI address, SSLContext tls) throws IOException {
    var factory = tls.getSocketFactory();
    try (var socket =
        (SSLSocket) factory.createSocket(plain, address.getHost(), address.getPort(), true)) {
      socket.startHandshake();
      // Nothing is ever said unasked: this ends with the alert, the end of the stream or the time.
      socket.getInputStream().read();
      return false;
    } catch (SSLException e) {
      return isAlert(e);
    }
  }

  /** Whether the other side refused the handshake, rather than we. */
  static boolean isAlert(SSLException e) {
    var message = e.getMessage();
    return message != null && message.contains("Received fatal alert");
  }
}
