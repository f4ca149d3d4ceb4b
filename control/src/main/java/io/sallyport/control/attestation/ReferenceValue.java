package io.sallyport.control.attestation;

import io.sallyport.identity.attestation.Measurement;
import java.time.Instant;

/** A measurement that is approved, and what it is of. */
public record ReferenceValue(
    Measurement measurement, String note, Instant addedAt, String addedBy) {}
