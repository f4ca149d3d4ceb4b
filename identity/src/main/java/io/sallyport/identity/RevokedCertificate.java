package io.sallyport.identity;

import java.time.Instant;

/** What a revocation list says of one certificate. */
public record RevokedCertificate(Serial serial, Instant at, RevocationReason reason) {}
