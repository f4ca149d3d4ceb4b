package io.sallyport.identity.attestation;

import io.sallyport.identity.PrincipalId;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A key whose signatures count as evidence.
 *
 * @param format the only kind of evidence that it may sign
 * @param key the verification key; for DICE, the key of the authority above the chain
 * @param device whose key it is; null only for DICE, where the chain leads to the device's own key
 */
public record AttestationKey(EvidenceFormat format, PublicKey key, @Nullable PrincipalId device) {
  /** Refuses, with {@link IllegalArgumentException}, a key that would vouch for anybody. */
  public AttestationKey {
    if ((device == null) != (format == EvidenceFormat.DICE)) {
      throw new IllegalArgumentException(
          format == EvidenceFormat.DICE
              ? "a DICE authority stands above many devices, not one"
              : "a key of this format belongs to one device");
    }
  }
}
