package io.sallyport.control.enforcement;

import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import java.util.List;

/** Who is connected at this moment. */
@FunctionalInterface
public interface LiveConnections {
  /** The open connections of a principal; empty when it is not online. */
  List<LiveConnection> of(PrincipalId id);

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
