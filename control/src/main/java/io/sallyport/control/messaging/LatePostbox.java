package io.sallyport.control.messaging;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The way of messages out of the desk, which is there once the gate is. */
public final class LatePostbox implements Postbox {
  private volatile @Nullable Postbox way;

  /** From now on messages go this way. */
  public void connect(Postbox postbox) {
    way = postbox;
  }

  @Override
  public CompletableFuture<Void> post(Publication publication) {
    var open = way;
    return open == null
        ? CompletableFuture.failedFuture(
            new IllegalStateException("there is no gate: '" + publication.topic() + "' stays here"))
        : open.post(publication);
  }
}
