package io.sallyport.app.node;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.Keys;
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
        listeners(), configuration.get(Keys.EVENT_LOOPS), tls(), connections(), mqtt(), defence());
  }

  private List<ListenerSettings> listeners() {
    var listeners = new ArrayList<ListenerSettings>();
    listeners.add(
        new ListenerSettings(
            rules(
                configuration.get(Keys.LISTENER_NAME),
                configuration.get(Keys.POLICY_MODE),
                configuration.get(Keys.SUBSCRIBE)),
            configuration.get(Keys.MQTT_HOST),
            configuration.get(Keys.MQTT_PORT),
            configuration.get(Keys.PROXIED_FROM)));
    for (var name : configuration.names(Keys.LISTENER_PORT)) {
      if (listeners.stream().anyMatch(other -> other.rules().name().equals(name))) {
        throw Failure.badInput(
            "mqtt.listeners: '" + name + "' is the name of the first listener already");
      }
      listeners.add(
          new ListenerSettings(
              rules(
                  name,
                  configuration.get(Keys.LISTENER_POLICY_MODE.of(name)),
                  configuration.get(Keys.LISTENER_SUBSCRIBE.of(name))),
              configuration.get(Keys.LISTENER_HOST.of(name)),
              configuration.get(Keys.LISTENER_PORT.of(name)),
              configuration.get(Keys.LISTENER_PROXIED_FROM.of(name))));
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
        .withHandshakeTimeout(configuration.get(Keys.HANDSHAKE_TIMEOUT))
        .withHandshakesMax(configuration.get(Keys.HANDSHAKES_MAX));
  }

  private ConnectionSettings connections() {
    return ConnectionSettings.DEFAULTS
        .withSeveralConnections(configuration.get(Keys.SEVERAL_CONNECTIONS))
        .withConnectionsMax(
            configuration.get(Keys.CONNECTIONS_MAX), configuration.get(Keys.CONNECTIONS_PER_DEVICE))
        .withConnectTimeout(configuration.get(Keys.CONNECT_TIMEOUT))
        .withDeniedPublish(
            switch (configuration.get(Keys.DENIED_PUBLISH)) {
              case DISCONNECT -> DeniedPublish.DISCONNECT;
              case DROP -> DeniedPublish.DROP;
            });
  }

  private MqttLimits mqtt() {
    var fallback = MqttLimits.DEFAULTS;
    return new MqttLimits(
        Math.toIntExact(configuration.get(Keys.PACKET_SIZE_MAX)),
        configuration.get(Keys.RECEIVE_MAX),
        fallback.topicAliasMaximum(),
        configuration.get(Keys.TOPIC_LEVELS_MAX),
        configuration.get(Keys.USER_PROPERTIES_MAX),
        Math.toIntExact(configuration.get(Keys.USER_PROPERTIES_BYTES_MAX)),
        fallback.filtersPerSubscribeMax(),
        Math.toIntExact(configuration.get(Keys.KEEP_ALIVE_MAX).toSeconds()),
        fallback.idleMax(),
        configuration.get(Keys.SESSION_EXPIRY_MAX).toSeconds());
  }

  private DefenceSettings defence() {
    return new DefenceSettings(
        configuration.get(Keys.TRUSTED),
        configuration.get(Keys.FULL_HANDSHAKES),
        configuration.get(Keys.SOURCE_HANDSHAKES),
        configuration.get(Keys.SOURCE_HANDSHAKES_MAX),
        configuration.get(Keys.MESSAGES_PER_SECOND),
        configuration.get(Keys.BYTES_PER_SECOND),
        new BanSettings(
            configuration.get(Keys.BAN_AFTER),
            configuration.get(Keys.BAN_FIND_TIME),
            configuration.get(Keys.BAN_TIME),
            configuration.get(Keys.BAN_TIME_MAX),
            configuration.get(Keys.BANS_MAX)));
  }

  public ExchangeLimits exchange() {
    return new ExchangeLimits(
        configuration.get(Keys.QUEUE_MESSAGES),
        configuration.get(Keys.QUEUE_BYTES),
        configuration.get(Keys.TOTAL_QUEUE_BYTES),
        configuration.get(Keys.SESSIONS_STORED),
        configuration.get(Keys.SUBSCRIPTIONS),
        configuration.get(Keys.RETAINED_MESSAGES),
        configuration.get(Keys.RETAINED_BYTES),
        configuration.get(Keys.SESSION_EXPIRY_MAX).toSeconds(),
        configuration.get(Keys.RECEIVE_MAX));
  }
}
