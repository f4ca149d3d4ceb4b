package io.sallyport.gateway.est;

import io.sallyport.gateway.tls.VerifiedDevice;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for a certificate.
 *
 * @param source the address it comes from, without the port
 * @param device whom its TLS certificate let in; null if it showed none
 * @param credential what it said of itself in the request; null if nothing
 */
public record Applicant(
    String source, @Nullable VerifiedDevice device, @Nullable Credential credential) {}
