package io.sallyport.gateway.est;

import io.sallyport.gateway.tls.VerifiedDevice;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for a certificate.
 *
 * @param source the address it comes from, without the port
 * @param device whom its TLS certificate let in; null if it showed none
 * @param introduction certificates that it showed and that let nobody in, its own first; only that
 *     it has their key is proven
 * @param credential what it said of itself in the request; null if nothing
 */
public record Applicant(
    String source,
    @Nullable VerifiedDevice device,
    List<X509Certificate> introduction,
    @Nullable Credential credential) {
  public Applicant {
    introduction = List.copyOf(introduction);
  }
}
