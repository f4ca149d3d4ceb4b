package io.sallyport.gateway.connection;

import io.sallyport.exchange.Exchange;
import io.sallyport.gateway.defence.DeviceRates;
import io.sallyport.gateway.defence.Sources;
import io.sallyport.gateway.meter.Meters;
import io.sallyport.gateway.observation.ConnectionObserver;
import io.sallyport.gateway.tls.DeviceTrust;
import io.sallyport.gateway.tls.GateTls;
import io.sallyport.gateway.trust.TrustState;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What all connections of the gate share.
 *
 * @param handshakeTimeout from accepted socket to finished handshake
 * @param handshakesMax most connections in their handshake at once
 */
public record GateContext(
    ConnectionSettings settings,
    MqttLimits limits,
    Duration handshakeTimeout,
    int handshakesMax,
    GateTls tls,
    DeviceTrust deviceTrust,
    TrustState trust,
    Exchange exchange,
    Connections connections,
    Counters counters,
    Meters meters,
    ConnectionObserver observer,
    WillModes willModes,
    Denials denials,
    Recording recording,
    Sources sources,
    DeviceRates rates,
    InstantSource clock) {}
