package io.sallyport.gateway.observation;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Told of each connection; called on event loops, so it must neither block nor wait. */
@FunctionalInterface
public interface ConnectionObserver {
  /** Nobody watches. */
  ConnectionObserver NOBODY = (_, _) -> null;

  /**
   * A connection begins.
   *
   * @param listener the name of the listener that it came through
   * @return who is told of its life, or null if nobody is
   */
  @Nullable ObservedConnection begun(@Nullable SocketAddress from, String listener);
}
