package io.sallyport.control.enrolment.manufacturer;

import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import org.jspecify.annotations.Nullable;

/**
 * A serial number of a manufacturer's list.
 *
 * @param device the id that its device gets; null if the number is the id
 * @param group the group that it joins; null for none
 * @param key the public key that it was spent for
 */
public record SerialRecord(
    String serial,
    State state,
    @Nullable PrincipalId device,
    NewcomerTerms terms,
    @Nullable String group,
    @Nullable PublicKeyHash key) {
  /** What may become of one. */
  public enum State {
    OPEN,
    SPENT,
    REVOKED
  }
}
