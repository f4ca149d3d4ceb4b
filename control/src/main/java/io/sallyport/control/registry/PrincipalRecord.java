package io.sallyport.control.registry;

import io.sallyport.identity.CertificateStatus;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.policy.PolicyVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the registry knows of one device or backend.
 *
 * @param grants which policies it has, itself and by its groups
 * @param facts what operators call it and what it runs
 */
public record PrincipalRecord(
    PrincipalId id,
    PrincipalKind kind,
    Standing standing,
    String thingType,
    Map<String, String> attributes,
    Grants grants,
    DeviceFacts facts,
    List<CertificateRecord> certificates,
    Instant enrolledAt) {
  public PrincipalRecord {
    attributes = Map.copyOf(attributes);
    certificates = List.copyOf(certificates);
  }

  /** What it may do: every policy, its own and those of its groups, each once, ordered by name. */
  public List<PolicyVersion> policies() {
    return grants.effective();
  }

  /** Whether what it does is recorded, or null if it is not. */
  public @Nullable Observed observed() {
    return grants.observed();
  }

  /** The certificates that may open the gate, as long as they are valid and the standing is. */
  public Set<Fingerprint> activeCertificates() {
    return certificates.stream()
        .filter(certificate -> certificate.status() == CertificateStatus.ACTIVE)
        .map(CertificateRecord::fingerprint)
        .collect(Collectors.toUnmodifiableSet());
  }
}
