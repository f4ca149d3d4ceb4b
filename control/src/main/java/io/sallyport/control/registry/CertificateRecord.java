package io.sallyport.control.registry;

import io.sallyport.identity.CertificateStatus;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Serial;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the registry knows of one signed certificate. */
public record CertificateRecord(
    Serial serial,
    Fingerprint fingerprint,
    CertificateStatus status,
    Instant notBefore,
    Instant notAfter,
    @Nullable RevocationReason revocationReason,
    String pem) {}
