package io.sallyport.control.rotation;

import io.sallyport.control.messaging.Publication;
import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Where a device is told what is wanted of its certificate: {@code desired.rotation}. */
@FunctionalInterface
public interface RotationShadow {
  /**
   * What is wanted of it.
   *
   * @param nonce to be sent back with the request
   * @param asked when it was asked first
   * @param rotateBy until when
   * @param certificate in PEM, once there is one
   * @param refused a word for why its last request was refused; null if none was
   */
  record Desired(
      String nonce,
      Instant asked,
      Instant rotateBy,
      @Nullable String certificate,
      @Nullable String refused) {}

  /**
   * Writes it into the device's shadow; null: nothing is wanted any more.
   *
   * @return what is to be published once the transaction is durable
   */
  List<Publication> desire(
      Handle handle, Instant now, PrincipalId device, @Nullable Desired wanted);
}
