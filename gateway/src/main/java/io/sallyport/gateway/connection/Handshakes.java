package io.sallyport.gateway.connection;

import io.netty.channel.Channel;
import io.sallyport.gateway.meter.Denial;
import io.sallyport.gateway.tls.CertificateRefused;
import io.sallyport.gateway.tls.VerifiedDevice;
import io.sallyport.ledger.EventType;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.TreeMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What a finished handshake says, and what a failed one is reported as. */
final class Handshakes {
  private Handshakes() {}

  /** Whom the finished handshake let in; null if that is over already. */
  static @Nullable VerifiedDevice admit(GateContext gate, Channel channel, SSLSession session) {
    try {
      // Its bytes are enough if its path is known: it is not parsed here.
      var device = gate.deviceTrust().admit((X509Certificate) session.getPeerCertificates()[0]);
      gate.counters().handshakes.increment();
      return device;
    } catch (CertificateException | SSLPeerUnverifiedException e) {
      refused(gate, channel, e);
      return null;
    }
  }

  static boolean isStillAdmitted(GateContext gate, VerifiedDevice device) {
    var principal = gate.trust().find(device.id());
    return principal != null
        && principal.kind() == device.kind()
        && principal.admits(device.certificate());
  }

  static void refused(GateContext gate, Channel channel, Throwable cause) {
    gate.counters().handshakesRefused.increment();
    var facts = new TreeMap<String, String>();
    facts.put("address", host(channel));
    var refused = refusal(cause);
    gate.meters().denied(refused == null ? Denial.HANDSHAKE_FAILED : Denial.of(refused.refusal()));
    if (refused == null) {
      facts.put("reason", String.valueOf(cause.getMessage()));
      gate.denials().report(EventType.HANDSHAKE_REFUSED, host(channel), "TLS", facts);
      return;
    }
    facts.put("reason", String.valueOf(refused.getMessage()));
    facts.put(refused.isVerified() ? "principal" : "claimed", refused.subject());
    var who = refused.isVerified() ? refused.subject() : host(channel);
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

  static String address(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress() + ":" + address.getPort()
        : "unknown";
  }

  static String host(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "unknown";
  }
}
