package io.sallyport.control.revocation;

import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Something of the registry that ends with somebody's revocation, and is told in the receipt. */
public interface RevocationEnding {
  /** What it is called in a receipt. */
  String what();

  /** Ends it, in the transaction in which the principal is revoked. */
  void end(Handle handle, PrincipalId principal, Instant now);

  /** How many of it ended in that principal's revocation of that moment. */
  int ended(Handle handle, PrincipalId principal, Instant at);
}
