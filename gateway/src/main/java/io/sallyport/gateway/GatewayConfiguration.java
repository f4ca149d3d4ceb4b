package io.sallyport.gateway;

import io.sallyport.gateway.connection.ConnectionSettings;
import io.sallyport.gateway.connection.MqttLimits;
import io.sallyport.gateway.tls.TlsSettings;

/**
 * Where the gate stands and what it takes.
 *
 * @param host the address to listen on
 * @param port the port, 0 for any free one
 * @param eventLoops threads that carry the connections, 0 for one per processor
 * @param tls the first door's bounds
 * @param connections bounds of connections
 * @param mqtt bounds of the protocol
 */
public record GatewayConfiguration(
    String host,
    int port,
    int eventLoops,
    TlsSettings tls,
    ConnectionSettings connections,
    MqttLimits mqtt) {
  /** What a user gets who configures nothing. */
  public static final GatewayConfiguration DEFAULTS =
      new GatewayConfiguration(
          "0.0.0.0",
          8883,
          0,
          TlsSettings.DEFAULTS,
          ConnectionSettings.DEFAULTS,
          MqttLimits.DEFAULTS);

  public GatewayConfiguration withAddress(String newHost, int newPort) {
    return new GatewayConfiguration(newHost, newPort, eventLoops, tls, connections, mqtt);
  }

  public GatewayConfiguration withEventLoops(int threads) {
    return new GatewayConfiguration(host, port, threads, tls, connections, mqtt);
  }

  public GatewayConfiguration withTls(TlsSettings settings) {
    return new GatewayConfiguration(host, port, eventLoops, settings, connections, mqtt);
  }

  public GatewayConfiguration withConnections(ConnectionSettings settings) {
    return new GatewayConfiguration(host, port, eventLoops, tls, settings, mqtt);
  }

  public GatewayConfiguration withMqtt(MqttLimits limits) {
    return new GatewayConfiguration(host, port, eventLoops, tls, connections, limits);
  }
}
