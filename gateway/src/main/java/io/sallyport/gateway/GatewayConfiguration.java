package io.sallyport.gateway;

import io.sallyport.gateway.connection.ConnectionSettings;
import io.sallyport.gateway.connection.MqttLimits;
import io.sallyport.gateway.tls.TlsSettings;
import java.time.Duration;

/**
 * Where the gate stands and what it takes.
 *
 * @param host the address to listen on
 * @param port the port, 0 for any free one
 * @param eventLoops threads that carry the connections, 0 for one per processor
 * @param warmUp how long synthetic handshakes may take before the first real one, zero for none
 * @param tls the first door's bounds
 * @param connections bounds of connections
 * @param mqtt bounds of the protocol
 */
public record GatewayConfiguration(
    String host,
    int port,
    int eventLoops,
    Duration warmUp,
    TlsSettings tls,
    ConnectionSettings connections,
    MqttLimits mqtt) {
  /** What a user gets who configures nothing. */
  public static final GatewayConfiguration DEFAULTS =
      new GatewayConfiguration(
          "0.0.0.0",
          8883,
          0,
          Duration.ofMillis(300),
          TlsSettings.DEFAULTS,
          ConnectionSettings.DEFAULTS,
          MqttLimits.DEFAULTS);

  public GatewayConfiguration withAddress(String newHost, int newPort) {
    return new GatewayConfiguration(newHost, newPort, eventLoops, warmUp, tls, connections, mqtt);
  }

  public GatewayConfiguration withEventLoops(int threads) {
    return new GatewayConfiguration(host, port, threads, warmUp, tls, connections, mqtt);
  }

  public GatewayConfiguration withWarmUp(Duration budget) {
    return new GatewayConfiguration(host, port, eventLoops, budget, tls, connections, mqtt);
  }

  public GatewayConfiguration withTls(TlsSettings settings) {
    return new GatewayConfiguration(host, port, eventLoops, warmUp, settings, connections, mqtt);
  }

  public GatewayConfiguration withConnections(ConnectionSettings settings) {
    return new GatewayConfiguration(host, port, eventLoops, warmUp, tls, settings, mqtt);
  }

  public GatewayConfiguration withMqtt(MqttLimits limits) {
    return new GatewayConfiguration(host, port, eventLoops, warmUp, tls, connections, limits);
  }
}
