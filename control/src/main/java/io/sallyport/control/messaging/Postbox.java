package io.sallyport.control.messaging;

import java.util.concurrent.CompletableFuture;

/** Takes messages of the desk to whoever subscribed to them. */
public interface Postbox {
  /**
   * Publishes one message, decided by the policy of the desk's own principal.
   *
   * @return done when the exchange, or the broker, has acknowledged it; failed if it refused, if
   *     the desk's policy does not allow it, or if there is no way at this moment. Nothing is kept
   *     to be sent later.
   */
  CompletableFuture<Void> post(Publication publication);
}
