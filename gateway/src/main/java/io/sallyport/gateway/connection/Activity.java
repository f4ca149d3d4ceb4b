package io.sallyport.gateway.connection;

/**
 * What one connection has carried and what waits for it.
 *
 * @param inPerSecond publications from it since the last look
 * @param outPerSecond deliveries to it since then
 * @param queued messages that wait for it in the exchange
 * @param unsentBytes bytes that wait for it in the gate
 */
public record Activity(
    String principal,
    String clientId,
    String address,
    String listener,
    double inPerSecond,
    double outPerSecond,
    long queued,
    long unsentBytes) {}
