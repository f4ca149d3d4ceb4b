package io.sallyport.gateway.connection;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.sallyport.identity.CertificateAttributes;
import java.io.ByteArrayInputStream;
import java.lang.ref.WeakReference;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * What policy variables can say of a connection's certificate. Most policies ask nothing of it, so
 * it is parsed at the first question: parsing cost a sixth of a whole admission.
 */
final class CertificateFacts implements Function<String, List<String>> {
  private final Channel channel;
  // The rights of a session keep this as long as it lasts: what was parsed is not kept with it.
  private @Nullable WeakReference<Parsed> parsed;

  private record Parsed(Map<String, List<String>> attributes, @Nullable Instant notBefore) {}

  CertificateFacts(Channel channel) {
    this.channel = channel;
  }

  @Override
  public List<String> apply(String name) {
    return parsed().attributes().getOrDefault(name, List.of());
  }

  /** Since when the certificate is valid; null if it cannot be read. */
  @Nullable Instant notBefore() {
    return parsed().notBefore();
  }

  private Parsed parsed() {
    var reference = parsed;
    var known = reference == null ? null : reference.get();
    if (known == null) {
      known = read(channel.pipeline().get(SslHandler.class));
      parsed = new WeakReference<>(known);
    }
    return known;
  }

  private static Parsed read(@Nullable SslHandler tls) {
    try {
      if (tls != null) {
        var certificate = certificate(tls);
        return new Parsed(
            CertificateAttributes.of(certificate), certificate.getNotBefore().toInstant());
      }
    } catch (CertificateException | SSLPeerUnverifiedException e) {
      // Unknown attributes leave variables unresolved, and what is unresolved allows nothing.
    }
    return new Parsed(Map.of(), null);
  }

  /**
   * The certificate, parsed anew: the session's own object would keep everything parsed of it for
   * as long as the connection lives.
   */
  private static X509Certificate certificate(SslHandler tls)
      throws CertificateException, SSLPeerUnverifiedException {
    var encoded = tls.engine().getSession().getPeerCertificates()[0].getEncoded();
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }
}
