package io.sallyport.gateway.connection;

import io.sallyport.identity.Fingerprint;
import java.time.Instant;

/**
 * A connected client, for people.
 *
 * @param clientId its MQTT client id
 * @param address where it comes from, address and port
 * @param since when its CONNECT was accepted
 * @param listener the name of the listener that it came through
 * @param certificate the one that it was let in with
 */
public record Description(
    String clientId, String address, Instant since, String listener, Fingerprint certificate) {}
