package io.sallyport.gateway;

import java.time.Instant;

/**
 * One connection that is open now.
 *
 * @param clientId the MQTT client id
 * @param address where it comes from, address and port
 * @param since when its CONNECT was accepted
 * @param listener the name of the listener that it came through
 */
public record LiveConnection(String clientId, String address, Instant since, String listener) {}
