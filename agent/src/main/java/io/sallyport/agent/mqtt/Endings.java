package io.sallyport.agent.mqtt;

import io.sallyport.agent.tls.ServerUntrusted;
import java.nio.channels.ClosedChannelException;
import java.util.Set;

/** Reads from what went wrong whether it is worth trying again soon. */
final class Endings {
  /** Alerts by which a server says no to a certificate (RFC 8446, section 6.2). */
  private static final Set<String> ABOUT_OUR_CERTIFICATE =
      Set.of(
          "bad_certificate",
          "unsupported_certificate",
          "certificate_revoked",
          "certificate_expired",
          "certificate_unknown",
          "unknown_ca",
          "access_denied");

  private static final String ALERT = "Received fatal alert: ";

  /** Reason codes of CONNACK and DISCONNECT that stay as they are for a while. */
  private static final Set<Integer> NO =
      Set.of(
          0x84, // unsupported protocol version
          0x85, // client identifier not valid
          0x86, // bad user name or password
          0x87, // not authorized
          0x8A, // banned
          0x8C, // bad authentication method
          0x8E, // session taken over
          0x98); // administrative action

  private Endings() {}

  static Ending of(Throwable failure) {
    for (var at = failure; at != null; at = at.getCause()) {
      var text = String.valueOf(at.getMessage());
      if (at instanceof ServerUntrusted) {
        return new Ending.Untrusted(text);
      }
      var alert = text.indexOf(ALERT);
      if (alert >= 0) {
        return ofAlert(text.substring(alert + ALERT.length()).strip());
      }
    }
    if (failure instanceof ClosedChannelException) {
      return new Ending.Lost("the connection was closed before the handshake was over");
    }
    return new Ending.Lost(
        failure.getMessage() == null
            ? failure.getClass().getSimpleName()
            : failure.getClass().getSimpleName() + ": " + failure.getMessage());
  }

  static Ending ofAlert(String alert) {
    if (ABOUT_OUR_CERTIFICATE.contains(alert)) {
      var expired = alert.equals("certificate_expired");
      return new Ending.Refused("the server refuses this device's certificate: " + alert, expired);
    }
    return new Ending.Lost("the server ended the handshake: " + alert);
  }

  static Ending ofReason(String packet, int code, String text) {
    var why = packet + " " + new Answer(code, text);
    return NO.contains(code) ? new Ending.Refused(why, false) : new Ending.Lost(why);
  }
}
