package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Reason;
import org.jspecify.annotations.Nullable;

/** What becomes of one publication on its way to the receivers; used again for the next one. */
final class Routing {
  private boolean taken;
  private boolean refused;
  private @Nullable Publication publication;

  void reset() {
    taken = false;
    refused = false;
    publication = null;
  }

  void take() {
    taken = true;
  }

  void refuse() {
    refused = true;
  }

  boolean isRefused() {
    return refused;
  }

  /** What must be durable before the publisher is answered, or null if nothing. */
  @Nullable Publication publication() {
    return publication;
  }

  /** The same, made if need be. */
  Publication publication(Message message, Router router) {
    Publication made = publication;
    if (made == null) {
      made = router.newPublication(message);
      publication = made;
    }
    return made;
  }

  Reason reason() {
    if (refused) {
      return Reason.QUOTA_EXCEEDED;
    }
    return taken ? Reason.SUCCESS : Reason.NO_MATCHING_SUBSCRIBERS;
  }
}
