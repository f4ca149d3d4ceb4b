package io.sallyport.firmware.manifest;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Why an image is not published or not installed, in the order in which it is looked at. */
public enum Refusal {
  /** The manifest is longer than a manifest may be. */
  TOO_LONG,
  /** The manifest is not in its one encoding, or not the parts that one has. */
  MALFORMED,
  /** Fewer signers that are trusted have signed it than must. */
  TOO_FEW_SIGNERS,
  /** A key that is trusted is named as a signer's and did not sign this. */
  BAD_SIGNATURE,
  /** Of a signer with two keys, one ordinary and one post-quantum, only one signed. */
  SIGNATURE_MISSING,
  /** It is software of another name. */
  OTHER_NAME,
  /** It is for other hardware. */
  OTHER_HARDWARE,
  /** Its security counter is below what was installed before: a downgrade. */
  DOWNGRADE,
  /** It was signed in the future. */
  NOT_YET_VALID,
  /** Nobody should install it any more. */
  EXPIRED,
  /** It needs what the device does not have. */
  DEPENDENCY,
  /** The image has another length than the manifest says. */
  SIZE,
  /** The image has another hash than the manifest says. */
  DIGEST,
  /** The image is not of the kind that the manifest says, or its own signature is not good. */
  IMAGE,
  /** It is signed by a key that everybody has. */
  DEMO_KEY,
  /** A private key, a token or a password is in it. */
  SECRET,
  /** No proof that it is in the transparency log, where one is demanded. */
  NOT_LOGGED;

  /** The word in reports, JSON and test vectors. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one of a word. */
  public static Optional<Refusal> ofWord(String word) {
    return Stream.of(values()).filter(refusal -> refusal.word().equals(word)).findFirst();
  }
}
