package io.sallyport.control.enrolment.claim;

import io.sallyport.control.enrolment.Warrant;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The batches that claims let devices into. */
public interface ClaimBatches {
  /**
   * Makes room for so many devices more in a batch, which is made where there is none.
   *
   * @return why not, in words; nothing if it is done
   */
  Optional<String> widen(Handle handle, String batch, long more, String actor, Instant now);

  /** What lets devices into a batch, and counts them. */
  Warrant warrant(String batch);
}
