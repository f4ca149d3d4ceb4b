package io.sallyport.gateway.connection;

import java.time.Duration;

/**
 * The bounds in force at a moment; others may follow while the gate is open.
 *
 * @param handshakeTimeout from accepted socket to finished handshake
 * @param handshakesMax most connections in their handshake at once
 */
public record Bounds(
    ConnectionSettings settings, MqttLimits limits, Duration handshakeTimeout, int handshakesMax) {}
