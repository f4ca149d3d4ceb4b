package io.sallyport.gateway.tls;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import java.time.Instant;

/**
 * A certificate whose path was verified once. That alone opens nothing: dates, standing and
 * revocation are asked for again at every handshake.
 *
 * @param notBefore when it and its issuer begin to be valid
 * @param notAfter when it or its issuer stops being valid
 * @param issuer the key of the issuing CA that signed it
 */
public record VerifiedDevice(
    Fingerprint certificate,
    PrincipalId id,
    PrincipalKind kind,
    Instant notBefore,
    Instant notAfter,
    PublicKeyHash issuer) {}
