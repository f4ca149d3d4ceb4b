package io.sallyport.firmware.manifest;

import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.cose.CoseAlgorithm;
import java.security.PublicKey;
import java.util.HashSet;
import java.util.List;

/**
 * One of those whose word counts for a release: a person, or a build server, with a key on P-256
 * and perhaps a post-quantum one besides. Their word counts only if all their keys signed.
 */
public record ReleaseSigner(FirmwareName name, List<PublicKey> keys) {
  /** Bound: keys of one signer. */
  public static final int KEYS_MAX = 2;

  /** Refuses, with {@link IllegalArgumentException}, other keys than that. */
  public ReleaseSigner {
    keys = List.copyOf(keys);
    var algorithms = new HashSet<CoseAlgorithm>();
    for (var key : keys) {
      var algorithm = CoseAlgorithm.of(key);
      switch (algorithm) {
        case ES256, ML_DSA_65 -> {}
        case ES384, EDDSA, PS256 ->
            throw new IllegalArgumentException(
                "a signer's keys are one on P-256 and perhaps one of ML-DSA-65, none of "
                    + algorithm);
      }
      if (!algorithms.add(algorithm)) {
        throw new IllegalArgumentException(
            "signer '" + name + "' has two keys of one kind: make two signers of them");
      }
    }
    if (!algorithms.contains(CoseAlgorithm.ES256)) {
      throw new IllegalArgumentException("signer '" + name + "' has no key on P-256");
    }
  }

  /** The names of the keys. */
  public List<PublicKeyHash> hashes() {
    return keys.stream().map(PublicKeyHash::of).toList();
  }
}
