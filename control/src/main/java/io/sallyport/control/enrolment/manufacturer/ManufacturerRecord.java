package io.sallyport.control.enrolment.manufacturer;

import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.manufacturer.ManufacturerAuthority;
import io.sallyport.identity.manufacturer.SerialSource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A manufacturer whose certificates introduce devices.
 *
 * @param source where its certificates have the serial number
 * @param isOpen whether a serial number that nobody listed may come, too
 * @param terms what a device of it will be where its own row does not say
 * @param group the group that its devices join; null for none
 * @param serials how many serial numbers are listed, spent and revoked ones too
 * @param spent how many were spent
 */
public record ManufacturerRecord(
    String name,
    Fingerprint fingerprint,
    ManufacturerAuthority authority,
    SerialSource source,
    boolean isOpen,
    NewcomerTerms terms,
    @Nullable String group,
    long serials,
    long spent,
    String addedBy,
    Instant addedAt) {}
