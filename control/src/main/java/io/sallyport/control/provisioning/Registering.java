package io.sallyport.control.provisioning;

import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.Warrant;
import io.sallyport.control.enrolment.claim.ClaimWarrant;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Lets one device in whose use of the claim was counted when its certificate was signed: spends the
 * token, and looks at claim and batch once more, in the transaction that makes it a device.
 */
final class Registering implements Warrant {
  private final PendingCertificate pending;
  private final ClaimWarrant claim;
  private final List<String> groups;

  Registering(PendingCertificate pending, ClaimWarrant claim, List<String> groups) {
    this.pending = pending;
    this.claim = claim;
    this.groups = List.copyOf(groups);
  }

  @Override
  public List<String> groups() {
    return groups;
  }

  @Override
  public Optional<Enrolment.Refused> spend(
      Handle handle, PrincipalId id, PublicKeyHash key, Instant now) {
    throw new IllegalStateException("it was spent when the certificate was signed");
  }

  @Override
  public Optional<Enrolment.Refused> confirm(Handle handle, PrincipalId id, Instant now) {
    return PendingTable.take(handle, pending.tokenHash(), now)
        ? claim.confirmLater(handle, id, now)
        : Optional.of(
            new Enrolment.Refused(
                id.value(),
                Enrolment.Why.UNACCEPTABLE,
                "token-spent",
                "the token was used, or its time is over"));
  }

  @Override
  public void enrolled(Handle handle, PrincipalId id) {
    claim.enrolled(handle, id);
  }
}
