package io.sallyport.gateway.connection;

import io.sallyport.gateway.meter.Denial;
import io.sallyport.gateway.tls.CertificateRefused;
import io.sallyport.gateway.tls.VerifiedDevice;
import io.sallyport.ledger.EventType;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What a finished handshake says, and what a failed one is reported as. */
final class Handshakes {
  // Bound: characters of a reason that a client can make longer.
  private static final int REASON_MAX = 200;

  private Handshakes() {}

  /** Whom the finished handshake let in; null if that is over already. */
  static @Nullable VerifiedDevice admit(GateContext gate, Entrance entrance, SSLSession session) {
    try {
      // Its bytes are enough if its path is known: it is not parsed here.
      var device = gate.deviceTrust().admit((X509Certificate) session.getPeerCertificates()[0]);
      gate.counters().handshakes.increment();
      return device;
    } catch (CertificateException | SSLPeerUnverifiedException e) {
      refused(gate, entrance, e);
      return null;
    }
  }

  /** What the client showed, where it need not, its own certificate first. */
  static List<X509Certificate> shown(SSLSession session) {
    try {
      return Arrays.stream(session.getPeerCertificates()).map(X509Certificate.class::cast).toList();
    } catch (SSLPeerUnverifiedException e) {
      return List.of();
    }
  }

  static boolean isStillAdmitted(GateContext gate, VerifiedDevice device) {
    var principal = gate.trust().find(device.id());
    return principal != null
        && principal.kind() == device.kind()
        && principal.admits(device.certificate())
        && !gate.deviceTrust().isRetired(device);
  }

  static void refused(GateContext gate, Entrance entrance, Throwable cause) {
    gate.counters().handshakesRefused.increment();
    var facts = new TreeMap<String, String>();
    facts.put("address", entrance.host());
    var refused = refusal(cause);
    gate.meters().denied(refused == null ? Denial.HANDSHAKE_FAILED : Denial.of(refused.refusal()));
    if (refused == null) {
      facts.put("reason", shortened(cause));
      gate.denials().report(EventType.HANDSHAKE_REFUSED, entrance.host(), "TLS", facts);
      if (!isGone(cause)) {
        entrance.failed("TLS handshake failed");
      }
      return;
    }
    entrance.failed("certificate: " + refused.refusal().text());
    facts.put("reason", String.valueOf(refused.getMessage()));
    facts.put(refused.isVerified() ? "principal" : "claimed", refused.subject());
    var who = refused.isVerified() ? refused.subject() : entrance.host();
    gate.denials().report(EventType.HANDSHAKE_REFUSED, who, refused.refusal().name(), facts);
  }

  /** Why it was refused, in a word. */
  static String word(Throwable cause) {
    var refused = refusal(cause);
    return refused == null ? "TLS" : refused.refusal().name();
  }

  private static @Nullable CertificateRefused refusal(Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof CertificateRefused refused) {
        return refused;
      }
    }
    return null;
  }

  /** Whether the client only went away, which is nobody's attempt. */
  private static boolean isGone(Throwable cause) {
    return cause instanceof IOException && !(cause instanceof SSLException);
  }

  /** What was wrong; it may hold bytes that the client sent. */
  private static String shortened(Throwable cause) {
    var message = String.valueOf(cause.getMessage());
    return message.length() <= REASON_MAX ? message : message.substring(0, REASON_MAX);
  }
}
