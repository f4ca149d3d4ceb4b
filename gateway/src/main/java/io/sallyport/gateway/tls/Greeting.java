package io.sallyport.gateway.tls;

import org.jspecify.annotations.Nullable;

/**
 * What a ClientHello asks for.
 *
 * @param serverName the name that the client called us by (RFC 6066, 3), or null
 * @param wantsStatus whether it takes the status of our certificate with it (RFC 6066, 8)
 * @param isValidation whether it is an ACME server that looks whether a name is ours (RFC 8737)
 */
public record Greeting(@Nullable String serverName, boolean wantsStatus, boolean isValidation) {
  /** What an ACME server offers, and nothing else (RFC 8737, 6.2). */
  static final String ACME_TLS = "acme-tls/1";

  /** Of a client that asks for nothing. */
  static final Greeting NONE = new Greeting(null, false, false);
}
