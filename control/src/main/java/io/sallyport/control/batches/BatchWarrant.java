package io.sallyport.control.batches;

import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.enrolment.Warrant;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Lets devices into a batch as long as it is open and has room. */
final class BatchWarrant implements Warrant {
  private final String batch;

  BatchWarrant(String batch) {
    this.batch = batch;
  }

  /** Nothing is signed in vain; what counts is decided when it is made active. */
  @Override
  public Optional<Refused> spend(Handle handle, PrincipalId id, PublicKeyHash key, Instant now) {
    return confirm(handle, id, now);
  }

  @Override
  public Optional<Refused> confirm(Handle handle, PrincipalId id, Instant now) {
    var room = BatchTable.room(handle, batch);
    if (room.isEmpty()) {
      return refused(id, "batch-unknown", "there is no batch '" + batch + "'");
    }
    return switch (room.get().state()) {
      case OPEN ->
          room.get().left() > 0
              ? Optional.empty()
              : refused(id, "batch-full", "the batch '" + batch + "' has all its devices");
      case CLOSED -> refused(id, "batch-closed", "the batch '" + batch + "' is closed");
      case KILLED -> refused(id, "batch-killed", "the batch '" + batch + "' was killed");
    };
  }

  @Override
  public void enrolled(Handle handle, PrincipalId id) {
    BatchTable.addMember(handle, batch, id);
  }

  private static Optional<Refused> refused(PrincipalId id, String reason, String detail) {
    return Optional.of(new Refused(id.value(), Why.UNACCEPTABLE, reason, detail));
  }
}
