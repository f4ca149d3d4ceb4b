package io.sallyport.gateway;

import io.sallyport.gateway.connection.Description;
import io.sallyport.identity.Fingerprint;
import java.time.Instant;

/**
 * One connection that is open now.
 *
 * @param clientId the MQTT client id
 * @param address where it comes from, address and port
 * @param since when its CONNECT was accepted
 * @param listener the name of the listener that it came through
 * @param certificate the one that it was let in with
 */
public record LiveConnection(
    String clientId, String address, Instant since, String listener, Fingerprint certificate) {
  static LiveConnection of(Description open) {
    return new LiveConnection(
        open.clientId(), open.address(), open.since(), open.listener(), open.certificate());
  }
}
