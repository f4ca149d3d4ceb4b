package io.sallyport.control.attestation;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.attestation.EvidenceFormat;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A verification key as the registry keeps it.
 *
 * @param device whose it is; null for an authority above DICE chains
 * @param pem its SubjectPublicKeyInfo
 */
public record RegisteredKey(
    PublicKeyHash hash,
    EvidenceFormat format,
    @Nullable PrincipalId device,
    String pem,
    Instant addedAt,
    String addedBy) {}
