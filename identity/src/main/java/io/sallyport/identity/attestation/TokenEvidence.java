package io.sallyport.identity.attestation;

import io.sallyport.identity.attestation.EvidenceRefused.Reason;
import io.sallyport.identity.cose.CborReader;
import io.sallyport.identity.cose.CoseSign1;
import io.sallyport.identity.cose.MalformedCbor;
import java.security.PublicKey;
import java.util.List;

/** Tokens in a COSE_Sign1: the signature and the nonce first, then what they say. */
final class TokenEvidence {
  /** Bound: a token with twenty components has about 4 KiB. */
  static final int LENGTH_MAX = 16 * 1024;

  private TokenEvidence() {}

  static Claims claims(Evidence.Token token, List<PublicKey> keys, Expectation expected)
      throws EvidenceRefused {
    try {
      var message = CoseSign1.parse(token.message(), LENGTH_MAX);
      if (keys.stream().noneMatch(message::isSignedBy)) {
        throw new EvidenceRefused(
            Reason.NOT_SIGNED_BY_KNOWN_KEY,
            "the token is not signed by a key registered for " + expected.device());
      }
      var payload = CborReader.of(message.payload(), LENGTH_MAX, "the token");
      if (!payload.isMap()) {
        throw new MalformedCbor("the token is not a map of claims");
      }
      return switch (token.format()) {
        case PSA -> PsaClaims.of(payload, expected);
        case EAT -> EatClaims.of(payload, expected);
        case TPM2, DICE -> throw new IllegalStateException("no token: " + token.format());
      };
    } catch (MalformedCbor e) {
      throw new EvidenceRefused(Reason.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  static void requireFresh(byte[] nonce, Expectation expected) throws EvidenceRefused {
    if (!expected.nonce().is(nonce)) {
      throw new EvidenceRefused(
          Reason.NOT_FRESH, "the nonce is not that of the challenge and the device's key");
    }
  }

  static Measurement measurement(String component, String value) throws MalformedCbor {
    try {
      return new Measurement(component, value);
    } catch (IllegalArgumentException e) {
      throw new MalformedCbor(String.valueOf(e.getMessage()));
    }
  }
}
