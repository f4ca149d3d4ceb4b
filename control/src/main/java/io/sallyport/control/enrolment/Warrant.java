package io.sallyport.control.enrolment;

import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.registry.CertificateRecord;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What entitles somebody to be enrolled besides an operator who does it. It is spent in the
 * transaction that reserves the serial, so that of several who show it at once one gets in.
 */
@FunctionalInterface
public interface Warrant {
  /** An operator does it. */
  Warrant OPERATOR = (_, _, _, _) -> Optional.empty();

  /** The groups that whoever is let in joins. */
  default List<String> groups() {
    return List.of();
  }

  /** Spends it for that key; why it cannot be. */
  Optional<Refused> spend(Handle handle, PrincipalId id, PublicKeyHash key, Instant now);

  /**
   * Looks once more in the transaction that makes the certificate active; why it is not to be.
   * Nobody changes what the ledger's lock guards between this and the end.
   */
  default Optional<Refused> confirm(Handle handle, PrincipalId id, Instant now) {
    return Optional.empty();
  }

  /** It is enrolled, in the same transaction. */
  default void enrolled(Handle handle, PrincipalId id) {}

  /**
   * Whether a key that was seen before was offered for this very thing, of which nothing came: as
   * after a crash between the serial and the certificate. Only a successor's key is asked for.
   */
  default boolean isAgain(Handle handle, PrincipalId id, PublicKeyHash key) {
    return false;
  }

  /** How long ago the certificate that is succeeded may have expired; zero for not at all. */
  default Duration expiredMax() {
    return Duration.ZERO;
  }

  /** A successor's certificate is active, in the same transaction, which may run again. */
  default void succeeded(
      Handle handle, PrincipalId id, CertificateRecord certificate, Instant now) {}

  /** What {@link #succeeded} was told is durable. */
  default void committed() {}
}
