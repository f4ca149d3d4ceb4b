package io.sallyport.control.enforcement;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import java.util.List;

/** Who is connected at this moment. */
@FunctionalInterface
public interface LiveConnections {
  /** The open connections of a principal; empty when it is not online. */
  List<LiveConnection> of(PrincipalId id);

  /** What the open connections of a principal were let in with. */
  default List<Fingerprint> certificates(PrincipalId id) {
    return List.of();
  }

  /** Bound: the connections of each kind that are told of at once. */
  int ACTIVITY_MAX = 100;

  /** Which connections carry most and which lag most; at most so many of each. */
  default Activity activity(int limit) {
    return new Activity(0, List.of(), List.of());
  }

  /**
   * What the connections do.
   *
   * @param seconds the time that the rates are of; 0 for the first look, which has none
   * @param busiest those with most messages in and out, the busiest first
   * @param slowest those for which most waits, the slowest first; none for which nothing does
   */
  record Activity(double seconds, List<Busy> busiest, List<Busy> slowest) {
    public Activity {
      busiest = List.copyOf(busiest);
      slowest = List.copyOf(slowest);
    }
  }

  /**
   * One connection and what it does.
   *
   * @param messagesInPerSecond publications from it
   * @param messagesOutPerSecond deliveries to it
   * @param queuedMessages what waits for it in the exchange
   * @param unsentBytes what waits for it in the gate
   */
  record Busy(
      String principal,
      String clientId,
      String address,
      String listener,
      double messagesInPerSecond,
      double messagesOutPerSecond,
      long queuedMessages,
      long unsentBytes) {}

  /**
   * One open connection.
   *
   * @param clientId the MQTT client identifier
   * @param address the peer's address and port
   * @param since when its CONNECT was accepted
   * @param listener the name of the listener that it came through
   */
  record LiveConnection(String clientId, String address, Instant since, String listener) {}
}
