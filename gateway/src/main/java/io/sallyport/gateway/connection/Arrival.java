package io.sallyport.gateway.connection;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import java.net.InetAddress;

/**
 * A client that was let in.
 *
 * @param number grows with each
 * @param address where it came from
 * @param certificate the one that it showed, now or when it got its ticket
 */
public record Arrival(
    long number,
    PrincipalId principal,
    String clientId,
    InetAddress address,
    Fingerprint certificate) {}
