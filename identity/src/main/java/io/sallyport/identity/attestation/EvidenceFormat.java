package io.sallyport.identity.attestation;

import java.util.Locale;
import java.util.Optional;

/** The kinds of evidence that are verified. */
public enum EvidenceFormat {
  /** A PSA attestation token (RFC 9783) in a COSE_Sign1. */
  PSA,
  /** An entity attestation token (RFC 9711) in a COSE_Sign1. */
  EAT,
  /** A quote of a TPM 2.0 (TCG TPM 2.0 Library, part 3, TPM2_Quote) with its PCR values. */
  TPM2,
  /** A chain of DICE certificates (TCG DICE Attestation Architecture 1.1). */
  DICE;

  /** The lower-case word in commands and JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The format of a word. */
  public static Optional<EvidenceFormat> ofWord(String word) {
    for (var format : values()) {
      if (format.word().equals(word)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
