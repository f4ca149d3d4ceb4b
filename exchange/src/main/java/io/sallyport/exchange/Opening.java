package io.sallyport.exchange;

import io.sallyport.identity.PrincipalId;
import org.jspecify.annotations.Nullable;

/**
 * What a decided CONNECT asks of the exchange.
 *
 * @param principal whose session it is, from the certificate; a stored session of the same client
 *     id but another principal is never resumed
 * @param clientId the client id, already checked against the principal
 * @param cleanStart whether what is stored is discarded first
 * @param sessionExpirySeconds how long the session outlives its connection, 0 = not at all,
 *     0xFFFFFFFF = for ever; MQTT 3.1.1 with CleanSession 0 maps to the configured maximum
 * @param receiveMaximum how many QoS 1 and 2 deliveries may be unacknowledged, 1 to 65535
 * @param will what is published when the connection ends without a DISCONNECT
 */
public record Opening(
    PrincipalId principal,
    String clientId,
    boolean cleanStart,
    long sessionExpirySeconds,
    int receiveMaximum,
    @Nullable Will will) {}
