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

/**
 * What the registry knows of one device or backend.
 *
 * @param policies in the newest version of each, ordered by name
 */
public record PrincipalRecord(
    PrincipalId id,
    PrincipalKind kind,
    Standing standing,
    String thingType,
    Map<String, String> attributes,
    List<PolicyVersion> policies,
    List<CertificateRecord> certificates,
    Instant enrolledAt) {
  public PrincipalRecord {
    attributes = Map.copyOf(attributes);
    policies = List.copyOf(policies);
    certificates = List.copyOf(certificates);
  }

  /** The certificates that may open the gate, as long as they are valid and the standing is. */
  public Set<Fingerprint> activeCertificates() {
    return certificates.stream()
        .filter(certificate -> certificate.status() == CertificateStatus.ACTIVE)
        .map(CertificateRecord::fingerprint)
        .collect(Collectors.toUnmodifiableSet());
  }
}
