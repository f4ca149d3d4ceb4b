package io.sallyport.control.batches;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Something besides its devices that ends with a batch: whatever could let others into it. */
@FunctionalInterface
public interface BatchEnding {
  /**
   * Ends it, in the transaction in which the batch is killed, after which nobody is enrolled into
   * it; how many things that were. Asked again for a batch that was killed before.
   */
  int end(Handle handle, String batch, String actor, Instant now);
}
