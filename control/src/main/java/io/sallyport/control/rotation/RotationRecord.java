package io.sallyport.control.rotation;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One rotation of one device.
 *
 * @param nonce what tells an answer to this ask from one to another
 * @param wave which wave it belongs to; 0 for devices that came by themselves
 * @param cause why, in a word; {@code device} for devices that came by themselves
 * @param why what happened to it, in a word; empty if nothing did
 * @param asks how often it was asked
 * @param old the certificate that is to be replaced
 * @param rotateBy until when it has time
 * @param key the key that answers it
 * @param successor the certificate that takes the old one's place
 * @param seen the one that the device came with last, since there are two
 */
public record RotationRecord(
    String nonce,
    PrincipalId principal,
    long wave,
    String cause,
    RotationState state,
    String why,
    int asks,
    Fingerprint old,
    Instant oldNotAfter,
    Instant rotateBy,
    Instant dueAt,
    @Nullable Instant askedAt,
    @Nullable PublicKeyHash key,
    @Nullable Fingerprint successor,
    @Nullable Instant issuedAt,
    @Nullable Fingerprint seen,
    @Nullable Instant provenAt,
    @Nullable Instant endedAt) {
  /** The cause of a rotation that the device itself began. */
  public static final String BY_DEVICE = "device";

  /** Whether the device was last seen with the old certificate although it has another. */
  boolean isBack() {
    return old.equals(seen);
  }
}
