package io.sallyport.identity.attestation;

import io.sallyport.identity.attestation.EvidenceRefused.Reason;
import java.security.PublicKey;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The verifier of RFC 9334: believes evidence that a registered key signed for this challenge, and
 * affirms it when everything measured is approved. Whatever is in doubt is refused.
 */
public final class Verifier {
  private final List<AttestationKey> keys;
  private final Set<Measurement> approved;

  /**
   * A verifier.
   *
   * @param keys whose evidence counts
   * @param approved the reference values
   */
  public Verifier(List<AttestationKey> keys, Set<Measurement> approved) {
    this.keys = List.copyOf(keys);
    this.approved = Set.copyOf(approved);
  }

  /** What the evidence proves; refuses it otherwise. */
  public Claims affirm(Evidence evidence, Expectation expected) throws EvidenceRefused {
    var claims =
        switch (evidence) {
          case Evidence.Token token ->
              TokenEvidence.claims(token, keysFor(token, expected), expected);
          case Evidence.Quote quote ->
              QuoteEvidence.claims(quote, keysFor(quote, expected), expected);
          case Evidence.Chain chain ->
              ChainEvidence.claims(chain, keysFor(chain, expected), expected);
        };
    appraise(claims);
    return claims;
  }

  private List<PublicKey> keysFor(Evidence evidence, Expectation expected) throws EvidenceRefused {
    var fitting =
        keys.stream()
            .filter(key -> key.format() == evidence.format())
            .filter(key -> key.device() == null || key.device().equals(expected.device()))
            .map(AttestationKey::key)
            .toList();
    if (fitting.isEmpty()) {
      throw new EvidenceRefused(
          Reason.NOT_SIGNED_BY_KNOWN_KEY,
          "no " + evidence.format().word() + " key is registered for " + expected.device());
    }
    return fitting;
  }

  private void appraise(Claims claims) throws EvidenceRefused {
    if (!claims.debugClosed()) {
      throw new EvidenceRefused(
          Reason.NOT_SECURED, "the evidence does not say that debugging is closed");
    }
    if (!claims.secureBoot()) {
      throw new EvidenceRefused(
          Reason.NO_SECURE_BOOT, "the evidence does not say that the boot was verified");
    }
    if (claims.measurements().isEmpty()) {
      throw new EvidenceRefused(Reason.NOTHING_MEASURED, "the evidence has no measurement");
    }
    var unknown =
        claims.measurements().stream().filter(one -> !approved.contains(one)).distinct().toList();
    if (!unknown.isEmpty()) {
      throw new EvidenceRefused(
          Reason.MEASUREMENT_UNKNOWN,
          "not approved: "
              + unknown.stream().map(Measurement::toString).collect(Collectors.joining(", ")));
    }
  }
}
