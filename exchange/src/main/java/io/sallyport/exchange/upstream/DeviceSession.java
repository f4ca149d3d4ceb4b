package io.sallyport.exchange.upstream;

import io.netty.util.concurrent.Future;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Session;

/** One device's session, however it reaches the broker. Lives on the device's event loop. */
interface DeviceSession extends Session, Outbox.Owner {
  /** What a session held when it was ended. */
  record Remains(int filters, int unacknowledged, int wills) {}

  Opening opening();

  /** How many filters it has; from any thread. */
  int filterCount();

  /** Asks the broker to take it. */
  void begin();

  /** The broker, or the gateway, refuses it. */
  void refused(Reason reason);

  /** Another connection takes the client id. */
  void takenOver();

  /** Looks whether it still goes on; from the timer's thread. */
  void look(long now);

  /**
   * Ends it for good, without its will; from any thread.
   *
   * @return done when the broker has read all that it had sent
   */
  Future<Remains> cut(Reason reason);
}
