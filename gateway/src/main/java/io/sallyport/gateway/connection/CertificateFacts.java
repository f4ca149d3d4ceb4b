package io.sallyport.gateway.connection;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.sallyport.identity.CertificateAttributes;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
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
  private @Nullable Map<String, List<String>> attributes;

  CertificateFacts(Channel channel) {
    this.channel = channel;
  }

  @Override
  public List<String> apply(String name) {
    var known = attributes;
    if (known == null) {
      known = read(channel.pipeline().get(SslHandler.class));
      attributes = known;
    }
    return known.getOrDefault(name, List.of());
  }

  private static Map<String, List<String>> read(@Nullable SslHandler tls) {
    try {
      return tls == null ? Map.of() : CertificateAttributes.of(certificate(tls));
    } catch (CertificateException | SSLPeerUnverifiedException e) {
      // Unknown attributes leave variables unresolved, and what is unresolved allows nothing.
      return Map.of();
    }
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
