package io.sallyport.control.revocation;

import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Something in the registry that ends with a principal that is revoked. */
public interface Ending {
  /** What it is called in receipts. */
  String what();

  /** Ends it, in the transaction of the revocation. */
  void end(Handle handle, PrincipalId id, Instant at);

  /** How much was ended by the revocation of that moment; asked also after a crash. */
  long ended(Handle handle, PrincipalId id, Instant at);
}
