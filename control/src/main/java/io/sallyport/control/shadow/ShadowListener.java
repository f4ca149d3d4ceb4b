package io.sallyport.control.shadow;

import io.sallyport.control.messaging.Publication;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Hears of what devices report. */
@FunctionalInterface
public interface ShadowListener {
  /**
   * The reported state of a shadow was written to, in this very transaction; it may run again from
   * its start, so nothing but the database is changed here. It may call {@link Shadows#update}, for
   * this shadow too, but may not itself report.
   *
   * @param before what was reported until now
   * @param after the document now
   * @return what is to be posted besides, once the transaction is durable
   */
  List<Publication> reported(
      Handle handle, Instant at, ShadowId id, JsonValue.Members before, ShadowDocument after);
}
