package io.sallyport.gateway;

import io.sallyport.gateway.connection.ConnectionSettings;
import io.sallyport.gateway.connection.MqttLimits;
import io.sallyport.gateway.defence.AddressBlock;
import io.sallyport.gateway.defence.DefenceSettings;
import io.sallyport.gateway.tls.TlsSettings;
import io.sallyport.policy.ListenerRules;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the gate stands and what it takes.
 *
 * @param listeners where devices are let in, at least one place; the first one is told to devices
 * @param eventLoops threads that carry the connections, 0 for one per processor
 * @param tls the first door's bounds
 * @param connections bounds of connections
 * @param mqtt bounds of the protocol
 * @param defence what sources and devices may take
 */
public record GatewayConfiguration(
    List<ListenerSettings> listeners,
    int eventLoops,
    TlsSettings tls,
    ConnectionSettings connections,
    MqttLimits mqtt,
    DefenceSettings defence) {
  /** Bound: the listeners besides the first one. */
  public static final int FURTHER_LISTENERS_MAX = 8;

  /** What a user gets who configures nothing. */
  public static final GatewayConfiguration DEFAULTS =
      new GatewayConfiguration(
          List.of(new ListenerSettings(ListenerRules.DEFAULT, "0.0.0.0", 8883)),
          0,
          TlsSettings.DEFAULTS,
          ConnectionSettings.DEFAULTS,
          MqttLimits.DEFAULTS,
          DefenceSettings.DEFAULTS);

  public GatewayConfiguration {
    listeners = List.copyOf(listeners);
    if (listeners.isEmpty() || listeners.size() > 1 + FURTHER_LISTENERS_MAX) {
      throw new IllegalArgumentException(
          "there are 1 to " + (1 + FURTHER_LISTENERS_MAX) + " listeners: " + listeners.size());
    }
    long names = listeners.stream().map(listener -> listener.rules().name()).distinct().count();
    if (names < listeners.size()) {
      throw new IllegalArgumentException("two listeners have one name");
    }
  }

  /** The first listener at another place. */
  public GatewayConfiguration withAddress(String host, int port) {
    var changed = new ArrayList<>(listeners);
    changed.set(0, listeners.getFirst().at(host, port));
    return withListeners(changed);
  }

  public GatewayConfiguration withListeners(List<ListenerSettings> changed) {
    return new GatewayConfiguration(changed, eventLoops, tls, connections, mqtt, defence);
  }

  public GatewayConfiguration withEventLoops(int threads) {
    return new GatewayConfiguration(listeners, threads, tls, connections, mqtt, defence);
  }

  public GatewayConfiguration withTls(TlsSettings settings) {
    return new GatewayConfiguration(listeners, eventLoops, settings, connections, mqtt, defence);
  }

  public GatewayConfiguration withConnections(ConnectionSettings settings) {
    return new GatewayConfiguration(listeners, eventLoops, tls, settings, mqtt, defence);
  }

  public GatewayConfiguration withMqtt(MqttLimits limits) {
    return new GatewayConfiguration(listeners, eventLoops, tls, connections, limits, defence);
  }

  public GatewayConfiguration withDefence(DefenceSettings settings) {
    return new GatewayConfiguration(listeners, eventLoops, tls, connections, mqtt, settings);
  }

  /** The load balancers that stand before each listener as another configuration has them. */
  GatewayConfiguration withBalancersOf(GatewayConfiguration other) {
    return withListeners(
        listeners.stream()
            .map(listener -> listener.behind(other.balancers(listener.rules().name())))
            .toList());
  }

  /** The load balancers before the listener of that name. */
  List<AddressBlock> balancers(String name) {
    return listeners.stream()
        .filter(listener -> listener.rules().name().equals(name))
        .findFirst()
        .map(ListenerSettings::balancers)
        .orElse(List.of());
  }

  /** Who is never banned and not bound by the limits of one source: the load balancers, too. */
  List<AddressBlock> trusted() {
    var all = new ArrayList<>(defence.trusted());
    listeners.forEach(listener -> all.addAll(listener.balancers()));
    return all;
  }
}
