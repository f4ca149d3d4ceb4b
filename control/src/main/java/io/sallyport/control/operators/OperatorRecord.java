package io.sallyport.control.operators;

import io.sallyport.control.registry.CertificateRecord;
import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import java.util.List;

/** What the registry knows of one operator. */
public record OperatorRecord(
    PrincipalId name, Role role, List<CertificateRecord> certificates, Instant enrolledAt) {
  public OperatorRecord {
    certificates = List.copyOf(certificates);
  }
}
