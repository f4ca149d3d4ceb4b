package io.sallyport.identity;

import java.time.Instant;

/** What is told of a certificate to whoever asks for its status (RFC 6960, 2.2). */
public sealed interface OcspStatus {
  /** It was issued, and is not revoked; its dates are for the asker to look at. */
  record Good() implements OcspStatus {}

  /** It is revoked, or its signing was never finished. */
  record Revoked(Instant at, RevocationReason reason) implements OcspStatus {}

  /** It was never issued here. */
  record Unknown() implements OcspStatus {}
}
