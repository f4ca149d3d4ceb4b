package io.sallyport.firmware.manifest;

import io.sallyport.identity.PublicKeyHash;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Whose word makes a release: of several signers that many must have signed. Pure, and the same on
 * the server and on the device.
 *
 * @param threshold how many of the signers must sign, 1 to all of them
 * @param signers 1 to {@value #SIGNERS_MAX}, no key of one being another's
 */
public record ReleaseTrust(int threshold, List<ReleaseSigner> signers) {
  /** Bound: signers of one installation, each with two keys in one manifest. */
  public static final int SIGNERS_MAX = SignedManifest.SIGNATURES_MAX / ReleaseSigner.KEYS_MAX;

  /** Refuses, with {@link IllegalArgumentException}, what the parameters say cannot be. */
  public ReleaseTrust {
    signers = List.copyOf(signers);
    if (signers.isEmpty() || signers.size() > SIGNERS_MAX) {
      throw new IllegalArgumentException(
          "there must be 1 to " + SIGNERS_MAX + " signers: " + signers.size());
    }
    if (threshold < 1 || threshold > signers.size()) {
      throw new IllegalArgumentException(
          "of " + signers.size() + " signers " + threshold + " cannot be what must sign");
    }
    var names = new HashSet<FirmwareName>();
    var keys = new HashSet<PublicKeyHash>();
    for (var signer : signers) {
      if (!names.add(signer.name())) {
        throw new IllegalArgumentException("two signers are named '" + signer.name() + "'");
      }
      for (var key : signer.hashes()) {
        if (!keys.add(key)) {
          throw new IllegalArgumentException("signer '" + signer.name() + "' has another's key");
        }
      }
    }
  }

  /**
   * The signers whose word is in it, in the order of the trust.
   *
   * @throws FirmwareRefused if they are fewer than must sign, one signed with one of two keys only,
   *     or a signature under a trusted key's name is not that key's
   */
  public List<FirmwareName> requireSigned(SignedManifest signed) throws FirmwareRefused {
    var present = new HashSet<>(signed.keys());
    var whole = new ArrayList<FirmwareName>();
    var part = new ArrayList<FirmwareName>();
    for (var signer : signers) {
      int good = 0;
      for (var key : signer.keys()) {
        if (signed.isSignedBy(key)) {
          good++;
        } else if (present.contains(PublicKeyHash.of(key))) {
          throw new FirmwareRefused(
              Refusal.BAD_SIGNATURE,
              "the signature of '" + signer.name() + "' is not one of this manifest");
        }
      }
      if (good == signer.keys().size()) {
        whole.add(signer.name());
      } else if (good > 0) {
        part.add(signer.name());
      }
    }
    if (whole.size() < threshold && !part.isEmpty()) {
      throw new FirmwareRefused(
          Refusal.SIGNATURE_MISSING,
          "'" + part.getFirst() + "' signed with one of two keys only; both must");
    }
    if (whole.size() < threshold) {
      throw new FirmwareRefused(
          Refusal.TOO_FEW_SIGNERS,
          whole.size() + " of the signers that are trusted have signed, " + threshold + " must");
    }
    return List.copyOf(whole);
  }
}
