package io.sallyport.gateway.connection;

import io.sallyport.exchange.Exchange;
import io.sallyport.gateway.defence.DeviceRates;
import io.sallyport.gateway.defence.Sources;
import io.sallyport.gateway.meter.Meters;
import io.sallyport.gateway.observation.ConnectionObserver;
import io.sallyport.gateway.tls.DeviceTrust;
import io.sallyport.gateway.tls.GateTls;
import io.sallyport.gateway.tls.GuestTrust;
import io.sallyport.gateway.topic.DeviceDoor;
import io.sallyport.gateway.topic.TopicDoor;
import io.sallyport.gateway.trust.TrustState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all connections of the gate share.
 *
 * @param bounds those in force: asked again each time, because they may be changed
 * @param guestTrust who may speak at the EST door
 * @param callerTrust who may speak where MQTT is spoken
 * @param topics the services that claims may call there; null for none
 * @param devices the service that whoever is let in may call there; null for none
 */
public record GateContext(
    Supplier<Bounds> bounds,
    GateTls tls,
    DeviceTrust deviceTrust,
    GuestTrust guestTrust,
    GuestTrust callerTrust,
    @Nullable TopicDoor topics,
    @Nullable DeviceDoor devices,
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
    Draining draining,
    FailClosed failClosed,
    Arrivals arrivals,
    InstantSource clock) {
  ConnectionSettings settings() {
    return bounds.get().settings();
  }

  MqttLimits limits() {
    return bounds.get().limits();
  }

  Duration handshakeTimeout() {
    return bounds.get().handshakeTimeout();
  }

  int handshakesMax() {
    return bounds.get().handshakesMax();
  }
}
