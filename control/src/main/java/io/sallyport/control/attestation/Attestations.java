package io.sallyport.control.attestation;

import io.sallyport.control.attestation.AttestationAnswer.Affirmed;
import io.sallyport.control.attestation.AttestationAnswer.Impossible;
import io.sallyport.control.attestation.AttestationAnswer.Refused;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.store.Database;
import io.sallyport.control.things.ThingAnswer;
import io.sallyport.control.things.Things;
import io.sallyport.identity.CertificateStatus;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.attestation.AttestationKey;
import io.sallyport.identity.attestation.Claims;
import io.sallyport.identity.attestation.Evidence;
import io.sallyport.identity.attestation.EvidenceRefused;
import io.sallyport.identity.attestation.Expectation;
import io.sallyport.identity.attestation.Nonce;
import io.sallyport.identity.attestation.Verifier;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Challenges devices and appraises their evidence. A device counts as attested for as long as its
 * evidence is young; evidence that proves the contrary takes that away at once.
 */
public final class Attestations {
  /** Bound: challenges of one device that wait for an answer. */
  public static final int OPEN_MAX = 8;

  /** How long a challenge may be answered. */
  public static final Duration ANSWER_WITHIN = Duration.ofMinutes(5);

  // Bound: keys tried for one piece of evidence.
  private static final int KEYS_MAX = 64;

  private final Database database;
  private final Principals principals;
  private final Things things;
  private final InstantSource clock;
  private final Duration maxAge;
  private final SecureRandom random = new SecureRandom();

  /**
   * Attestations.
   *
   * @param maxAge how long evidence counts
   */
  public Attestations(
      Database database,
      Principals principals,
      Things things,
      InstantSource clock,
      Duration maxAge) {
    this.database = database;
    this.principals = principals;
    this.things = things;
    this.clock = clock;
    this.maxAge = maxAge;
  }

  /**
   * What a device is to answer.
   *
   * @param challenge 32 random bytes, in hexadecimal
   * @param nonce what the evidence must hold: SHA-256 over the challenge and the key's SHA-256
   */
  public record Challenge(String challenge, PublicKeyHash key, String nonce, Instant expiresAt) {}

  /** Challenges a device, for the key of its newest certificate; empty if it has none. */
  public Optional<Challenge> challenge(PrincipalId device) {
    var now = clock.instant();
    var bytes = new byte[Nonce.LENGTH];
    random.nextBytes(bytes);
    var challenge = HexFormat.of().formatHex(bytes);
    var expires = now.plus(ANSWER_WITHIN);
    return database.write(
        handle -> {
          var key = principals.find(handle, device).flatMap(Attestations::newestKey).orElse(null);
          if (key == null) {
            return Optional.empty();
          }
          AttestationTables.forgetExpired(handle, now);
          if (AttestationTables.openChallenges(handle, device) >= OPEN_MAX) {
            throw new TooManyChallenges(device);
          }
          AttestationTables.challenge(handle, challenge, device, key, expires);
          var nonce = HexFormat.of().formatHex(Nonce.of(bytes, key).bytes());
          return Optional.of(new Challenge(challenge, key, nonce, expires));
        });
  }

  private static Optional<PublicKeyHash> newestKey(PrincipalRecord principal) {
    if (principal.kind() != PrincipalKind.DEVICE) {
      return Optional.empty();
    }
    return principal.certificates().reversed().stream()
        .filter(certificate -> certificate.status() == CertificateStatus.ACTIVE)
        .findFirst()
        .map(certificate -> keyOf(certificate.pem()));
  }

  private static PublicKeyHash keyOf(String pem) {
    try {
      return PublicKeyHash.of(Pem.certificate(pem).getPublicKey());
    } catch (MalformedPem e) {
      throw new IllegalStateException("the registry holds certificates", e);
    }
  }

  /** Appraises the answer to a challenge, which is used up by it. */
  public AttestationAnswer attest(
      PrincipalId device, String challenge, Evidence evidence, String actor) {
    var now = clock.instant();
    var key = database.write(handle -> AttestationTables.take(handle, challenge, device, now));
    if (key.isEmpty()) {
      return new Impossible(
          false,
          "challenge-unknown",
          "no such challenge is open for '" + device + "': ask for a new one");
    }
    var nonce = Nonce.of(HexFormat.of().parseHex(challenge), key.get());
    var expectation = new Expectation(device, key.get(), nonce, now);
    var target = new Things.Target(PrincipalKind.DEVICE, device, actor);
    try {
      var claims = verifier(evidence, device).affirm(evidence, expectation);
      var until = now.plus(maxAge);
      return things.attest(target, until, facts(evidence, claims)) instanceof ThingAnswer.Refused no
          ? impossible(no)
          : new Affirmed(claims, until);
    } catch (EvidenceRefused e) {
      var detail = String.valueOf(e.getMessage());
      var facts =
          Map.of("format", evidence.format().word(), "reason", e.reason().word(), "detail", detail);
      things.noteRefusedEvidence(target, facts);
      boolean proven = isProven(e.reason());
      if (proven && things.state(target, null, "no") instanceof ThingAnswer.Refused refused) {
        return impossible(refused);
      }
      return new Refused(e.reason().word(), detail, proven);
    }
  }

  /** Signed, fresh, and telling that the device is not as it should be. */
  private static boolean isProven(EvidenceRefused.Reason reason) {
    return switch (reason) {
      case NOT_SECURED, NO_SECURE_BOOT, MEASUREMENT_UNKNOWN, NOTHING_MEASURED -> true;
      case MALFORMED, NOT_SIGNED_BY_KNOWN_KEY, NOT_FRESH, OTHER_DEVICE -> false;
    };
  }

  private static AttestationAnswer impossible(ThingAnswer.Refused refused) {
    return new Impossible(
        refused.why() == ThingAnswer.Why.UNKNOWN, refused.reason(), refused.detail());
  }

  private Verifier verifier(Evidence evidence, PrincipalId device) {
    return database.read(
        handle ->
            new Verifier(
                AttestationTables.keysFor(handle, evidence.format(), device, KEYS_MAX).stream()
                    .map(
                        key ->
                            new AttestationKey(
                                key.format(), VerificationKeys.of(key.pem()), key.device()))
                    .toList(),
                AttestationTables.approved(handle).stream()
                    .map(ReferenceValue::measurement)
                    .collect(Collectors.toSet())));
  }

  private static Map<String, String> facts(Evidence evidence, Claims claims) {
    var facts = new TreeMap<>(claims.facts());
    facts.put("format", evidence.format().word());
    facts.put(
        "measured",
        claims.measurements().stream().map(Object::toString).collect(Collectors.joining(", ")));
    return facts;
  }

  /** More challenges are open than a device can have asked for. */
  public static final class TooManyChallenges extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyChallenges(PrincipalId device) {
      super(
          OPEN_MAX
              + " challenges of '"
              + device
              + "' are open; they end "
              + ANSWER_WITHIN.toMinutes()
              + " minutes after they were made");
    }
  }
}
