package io.sallyport.conformance.clients;

import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import java.io.UncheckedIOException;

/** An {@code openssl s_client} that says CONNECT as MQTT 3.1.1 writes it, and what came back. */
public record OpensslSession(Endpoint device, Program client) implements AutoCloseable {
  /** What shows the identity of a bundle. */
  public static final String IDENTITY = " -cert device.crt -key device.key";

  private static final String ACCEPTED = " \u0002\u0000\u0000";

  public static OpensslSession open(Endpoint device, String options) {
    var started = Program.startLine(device.bundle().folder(), line(device, options));
    return new OpensslSession(device, started);
  }

  /**
   * A handshake, CONNECT, then silence until the gate has said its word: an alert, or nothing for a
   * while.
   */
  public static Ran talk(Endpoint device, String options) {
    try (var session = open(device, options)) {
      var answer = session.connack();
      var ran = session.leave();
      return new Ran(ran.exit(), ran.out(), ran.err() + "\nconnack: " + answer);
    }
  }

  static String line(Endpoint device, String options) {
    return "openssl s_client -connect %s:%d -servername %s -verify_hostname %s -CAfile ca.crt %s"
        .formatted(device.host(), device.port(), device.host(), device.host(), options);
  }

  /** "accepted", or "refused" once the gate has closed the connection instead. */
  String connack() {
    Patience.until(
        "an end of the handshake of " + client,
        () -> !client.isRunning() || client.out().contains("Verify return code"));
    if (client.isRunning()) {
      try {
        client.type(connect(device.clientId()));
      } catch (UncheckedIOException _) {
        // It was refused meanwhile.
      }
    }
    Patience.until(
        "an answer to CONNECT of " + client,
        () -> !client.isRunning() || client.out().contains(ACCEPTED));
    return client.out().contains(ACCEPTED) ? "accepted" : "refused";
  }

  Ran leave() {
    client.endInput();
    return client.ended();
  }

  private static String connect(String clientId) {
    var length = 12 + clientId.length();
    return "\u0010"
        + (char) length
        + "\u0000\u0004MQTT\u0004\u0002\u0000<\u0000"
        + (char) clientId.length()
        + clientId;
  }

  @Override
  public void close() {
    client.close();
  }
}
