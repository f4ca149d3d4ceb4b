package io.sallyport.control.enrolment.claim;

import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.Warrant;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Lets one device in by a claim, and counts it in the same transaction. */
public final class ClaimWarrant implements Warrant {
  private final ClaimRecord claim;
  private final Warrant batch;
  private @Nullable ClaimAbuse abuse;

  ClaimWarrant(ClaimRecord claim, Warrant batch) {
    this.batch = batch;
    this.claim = claim;
  }

  /** What it was refused for, if the claim is why. */
  public @Nullable ClaimAbuse abuse() {
    return abuse;
  }

  @Override
  public List<String> groups() {
    var group = claim.group();
    return group == null ? List.of() : List.of(group);
  }

  @Override
  public Optional<Enrolment.Refused> spend(
      Handle handle, PrincipalId id, PublicKeyHash key, Instant now) {
    // Before any row is locked, so that two of them never wait for each other.
    LedgerStore.lock(handle);
    if (ClaimTable.isUsedFor(handle, claim.name(), key, id)) {
      // A crash came between: the same device, with the same key, was counted.
      return refusal(handle, now, true).flatMap(why -> refused(id, why));
    }
    var bad = refusal(handle, now, false);
    if (bad.isPresent()) {
      return refused(id, bad.get());
    }
    var closed = batch.spend(handle, id, key, now);
    if (closed.isPresent()) {
      return closed;
    }
    if (!ClaimTable.use(handle, claim.name(), now)) {
      return refused(id, refusal(handle, now, false).orElse(ClaimAbuse.TOO_FAST));
    }
    ClaimTable.record(handle, claim.name(), key, id, now);
    LedgerStore.append(
        handle,
        SecurityEvent.of(
            now,
            EventType.CLAIM_USED,
            "claim " + claim.name(),
            id.value(),
            Map.of("claim", claim.name().value(), "batch", claim.batch(), "key", key.hex())));
    return Optional.empty();
  }

  @Override
  public Optional<Enrolment.Refused> confirm(Handle handle, PrincipalId id, Instant now) {
    return batch.confirm(handle, id, now);
  }

  /** The same some time after it was spent: the claim must be good still. */
  public Optional<Enrolment.Refused> confirmLater(Handle handle, PrincipalId id, Instant now) {
    return refusal(handle, now, true)
        .flatMap(why -> refused(id, why))
        .or(() -> confirm(handle, id, now));
  }

  @Override
  public void enrolled(Handle handle, PrincipalId id) {
    batch.enrolled(handle, id);
  }

  private Optional<ClaimAbuse> refusal(Handle handle, Instant now, boolean counted) {
    return Claims.abuse(ClaimTable.find(handle, claim.name().value()), now, counted);
  }

  private Optional<Enrolment.Refused> refused(PrincipalId id, ClaimAbuse why) {
    abuse = why;
    return Optional.of(
        new Enrolment.Refused(
            id.value(), Enrolment.Why.UNACCEPTABLE, "claim-" + why.word(), why.text()));
  }
}
