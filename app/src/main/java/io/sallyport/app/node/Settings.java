package io.sallyport.app.node;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.ExchangeKeys;
import io.sallyport.app.configuration.MqttKeys;
import io.sallyport.app.configuration.SourceKeys;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.gateway.GatewayConfiguration;
import io.sallyport.gateway.ListenerSettings;
import io.sallyport.gateway.connection.ConnectionSettings;
import io.sallyport.gateway.connection.ConnectionSettings.DeniedPublish;
import io.sallyport.gateway.connection.MqttLimits;
import io.sallyport.gateway.defence.BanSettings;
import io.sallyport.gateway.defence.DefenceSettings;
import io.sallyport.gateway.tls.TlsSettings;
import io.sallyport.policy.ListenerRules;
import io.sallyport.policy.Mode;
import io.sallyport.policy.SubscribeRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the configuration means to each module. */
public final class Settings {
  private final Configuration configuration;

  public Settings(Configuration configuration) {
    this.configuration = configuration;
  }

  public GatewayConfiguration gateway() {
    return new GatewayConfiguration(
        listeners(),
        configuration.get(MqttKeys.EVENT_LOOPS),
        tls(),
        connections(),
        mqtt(),
        defence());
  }

  private List<ListenerSettings> listeners() {
    var listeners = new ArrayList<ListenerSettings>();
    listeners.add(
        new ListenerSettings(
            rules(
                configuration.get(MqttKeys.LISTENER_NAME),
                configuration.get(MqttKeys.POLICY_MODE),
                configuration.get(MqttKeys.SUBSCRIBE)),
            configuration.get(MqttKeys.MQTT_HOST),
            configuration.get(MqttKeys.MQTT_PORT),
            configuration.get(MqttKeys.PROXIED_FROM)));
    for (var name : configuration.names(MqttKeys.LISTENER_PORT)) {
      if (listeners.stream().anyMatch(other -> other.rules().name().equals(name))) {
        throw Failure.badInput(
            "mqtt.listeners: '" + name + "' is the name of the first listener already");
      }
      listeners.add(
          new ListenerSettings(
              rules(
                  name,
                  configuration.get(MqttKeys.LISTENER_POLICY_MODE.of(name)),
                  configuration.get(MqttKeys.LISTENER_SUBSCRIBE.of(name))),
              configuration.get(MqttKeys.LISTENER_HOST.of(name)),
              configuration.get(MqttKeys.LISTENER_PORT.of(name)),
              configuration.get(MqttKeys.LISTENER_PROXIED_FROM.of(name))));
    }
    if (listeners.size() > 1 + GatewayConfiguration.FURTHER_LISTENERS_MAX) {
      throw Failure.badInput(
          "mqtt.listeners: at most " + GatewayConfiguration.FURTHER_LISTENERS_MAX + " names");
    }
    return listeners;
  }

  private static ListenerRules rules(String name, Mode mode, Optional<SubscribeRule> subscribe) {
    return new ListenerRules(name, mode, subscribe.orElse(SubscribeRule.of(mode)));
  }

  private TlsSettings tls() {
    return TlsSettings.DEFAULTS
        .withHandshakeTimeout(configuration.get(MqttKeys.HANDSHAKE_TIMEOUT))
        .withHandshakesMax(configuration.get(MqttKeys.HANDSHAKES_MAX));
  }

  private ConnectionSettings connections() {
    return ConnectionSettings.DEFAULTS
        .withSeveralConnections(configuration.get(MqttKeys.SEVERAL_CONNECTIONS))
        .withConnectionsMax(
            configuration.get(MqttKeys.CONNECTIONS_MAX),
            configuration.get(MqttKeys.CONNECTIONS_PER_DEVICE))
        .withConnectTimeout(configuration.get(MqttKeys.CONNECT_TIMEOUT))
        .withDeniedPublish(
            switch (configuration.get(MqttKeys.DENIED_PUBLISH)) {
              case DISCONNECT -> DeniedPublish.DISCONNECT;
              case DROP -> DeniedPublish.DROP;
            });
  }

  private MqttLimits mqtt() {
    var fallback = MqttLimits.DEFAULTS;
    return new MqttLimits(
        Math.toIntExact(configuration.get(MqttKeys.PACKET_SIZE_MAX)),
        configuration.get(MqttKeys.RECEIVE_MAX),
        fallback.topicAliasMaximum(),
        configuration.get(MqttKeys.TOPIC_LEVELS_MAX),
        configuration.get(MqttKeys.USER_PROPERTIES_MAX),
        Math.toIntExact(configuration.get(MqttKeys.USER_PROPERTIES_BYTES_MAX)),
        fallback.filtersPerSubscribeMax(),
        Math.toIntExact(configuration.get(MqttKeys.KEEP_ALIVE_MAX).toSeconds()),
        fallback.idleMax(),
        configuration.get(ExchangeKeys.SESSION_EXPIRY_MAX).toSeconds());
  }

  private DefenceSettings defence() {
    return new DefenceSettings(
        configuration.get(SourceKeys.TRUSTED),
        configuration.get(MqttKeys.FULL_HANDSHAKES),
        configuration.get(SourceKeys.SOURCE_HANDSHAKES),
        configuration.get(SourceKeys.SOURCE_HANDSHAKES_MAX),
        configuration.get(MqttKeys.MESSAGES_PER_SECOND),
        configuration.get(MqttKeys.BYTES_PER_SECOND),
        new BanSettings(
            configuration.get(SourceKeys.BAN_AFTER),
            configuration.get(SourceKeys.BAN_FIND_TIME),
            configuration.get(SourceKeys.BAN_TIME),
            configuration.get(SourceKeys.BAN_TIME_MAX),
            configuration.get(SourceKeys.BANS_MAX)));
  }

  public ExchangeLimits exchange() {
    return new ExchangeLimits(
        configuration.get(ExchangeKeys.QUEUE_MESSAGES),
        configuration.get(ExchangeKeys.QUEUE_BYTES),
        configuration.get(ExchangeKeys.TOTAL_QUEUE_BYTES),
        configuration.get(ExchangeKeys.SESSIONS_STORED),
        configuration.get(ExchangeKeys.SUBSCRIPTIONS),
        configuration.get(ExchangeKeys.RETAINED_MESSAGES),
        configuration.get(ExchangeKeys.RETAINED_BYTES),
        configuration.get(ExchangeKeys.SESSION_EXPIRY_MAX).toSeconds(),
        configuration.get(MqttKeys.RECEIVE_MAX));
  }
}
