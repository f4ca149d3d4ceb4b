package io.sallyport.app.configuration;

import io.sallyport.gateway.defence.AddressBlock;
import io.sallyport.policy.ListenerRules;
import io.sallyport.policy.Mode;
import io.sallyport.policy.SubscribeRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys of the device gate: its listeners and what a device may take. */
public final class MqttKeys {
  /** What a refused PUBLISH does to an MQTT 3.1.1 connection, which cannot be told a reason. */
  public enum DeniedPublish {
    DISCONNECT,
    DROP
  }

  private static final String BY_MODE = "inclusive; literal if aws-compat";

  public static final Key<String> MQTT_HOST =
      Key.text("mqtt.host", "address", "0.0.0.0", "Where devices and backends are let in.");
  public static final Key<Integer> MQTT_PORT =
      Key.number("mqtt.port", 0, 65_535, 8883, "MQTT over mutual TLS; 0 picks a free port.");
  public static final Key<String> LISTENER_NAME =
      Key.name(
          "mqtt.listener-name",
          ListenerRules.DEFAULT.name(),
          "What `sallyport:ListenerName` says of this listener.");
  public static final Key<Mode> POLICY_MODE =
      Key.choice("mqtt.policy-mode", Mode.class, Mode.STRICT, "How policies are read there.");
  public static final Key<Optional<SubscribeRule>> SUBSCRIBE =
      Key.optionalChoice(
          "mqtt.subscribe", SubscribeRule.class, BY_MODE, "What it takes to be granted a filter.");
  public static final Key<List<AddressBlock>> PROXIED_FROM =
      Key.blocks(
              "mqtt.proxy-protocol-from",
              List.of(),
              "Load balancers: if there are some, nobody else may connect, and each connection"
                  + " begins with a PROXY protocol header of version 2.")
          .live();
  public static final Key<String> LISTENER_HOST =
      Key.text(
          "mqtt.listeners.<name>.host",
          "address",
          "0.0.0.0",
          "Where another listener lets devices and backends in; at most 8 of them, each with a"
              + " name of its own.");
  public static final Key<Integer> LISTENER_PORT =
      Key.number("mqtt.listeners.<name>.port", 0, 65_535, 8884, "Its port; 0 picks a free port.");
  public static final Key<Mode> LISTENER_POLICY_MODE =
      Key.choice(
          "mqtt.listeners.<name>.policy-mode",
          Mode.class,
          Mode.STRICT,
          "How policies are read there.");
  public static final Key<Optional<SubscribeRule>> LISTENER_SUBSCRIBE =
      Key.optionalChoice(
          "mqtt.listeners.<name>.subscribe",
          SubscribeRule.class,
          BY_MODE,
          "What it takes to be granted a filter there.");
  public static final Key<List<AddressBlock>> LISTENER_PROXIED_FROM =
      Key.blocks("mqtt.listeners.<name>.proxy-protocol-from", List.of(), "Load balancers there.")
          .live();
  public static final Key<Boolean> SEVERAL_CONNECTIONS =
      Key.flag(
              "mqtt.several-connections",
              false,
              "Whether a device may hold several connections, with client ids that begin with its"
                  + " id and a colon.")
          .live();
  public static final Key<DeniedPublish> DENIED_PUBLISH =
      Key.choice(
              "mqtt.denied-publish",
              DeniedPublish.class,
              DeniedPublish.DISCONNECT,
              "What a denied PUBLISH does to an MQTT 3.1.1 connection.")
          .live();
  public static final Key<Duration> HANDSHAKE_TIMEOUT =
      Key.time("mqtt.handshake-timeout", "1s", "60s", "10s", "Longest TLS handshake.").live();
  public static final Key<Duration> CONNECT_TIMEOUT =
      Key.time("mqtt.connect-timeout", "1s", "60s", "5s", "Longest wait for CONNECT after it.")
          .live();
  public static final Key<Duration> KEEP_ALIVE_MAX =
      Key.time(
              "mqtt.keep-alive-max",
              "10s",
              "18h",
              "20m",
              "Longest keep-alive; a client that asks for more, or for none, gets this one.")
          .live();
  public static final Key<Long> PACKET_SIZE_MAX =
      Key.size("mqtt.packet-size-max", 1 << 10, 16 << 20, "256KiB", "Largest MQTT packet.").live();
  public static final Key<Integer> CONNECTIONS_MAX =
      Key.number("mqtt.connections-max", 1, 1_000_000, 50_000, "Most connections at once.").live();
  public static final Key<Integer> CONNECTIONS_PER_DEVICE =
      Key.number(
              "mqtt.connections-per-device",
              1,
              100_000,
              16,
              "Most connections of one device, where it may hold several.")
          .live();
  public static final Key<Integer> HANDSHAKES_MAX =
      Key.number("mqtt.handshakes-max", 1, 100_000, 2_000, "Most TLS handshakes at once.").live();
  public static final Key<Integer> FULL_HANDSHAKES =
      Key.number(
              "mqtt.full-handshakes-per-second",
              0,
              1_000_000,
              5_000,
              "Most TLS handshakes without a ticket a second; 0 = any number.")
          .live();
  public static final Key<Integer> EVENT_LOOPS =
      Key.number("mqtt.event-loops", 0, 256, 0, "Threads that serve sockets; 0 = one a core.");
  public static final Key<Integer> RECEIVE_MAX =
      Key.number(
          "mqtt.receive-max",
          1,
          65_535,
          1_000,
          "Most QoS 1 and 2 publications of one client that are not yet acknowledged.");
  public static final Key<Integer> TOPIC_LEVELS_MAX =
      Key.number("mqtt.topic-levels-max", 1, 128, 32, "Most levels of a topic name or filter.")
          .live();
  public static final Key<Integer> USER_PROPERTIES_MAX =
      Key.number("mqtt.user-properties-max", 0, 1_000, 32, "Most user properties of a packet.")
          .live();
  public static final Key<Long> USER_PROPERTIES_BYTES_MAX =
      Key.size(
              "mqtt.user-properties-bytes-max",
              0,
              1 << 20,
              "8KiB",
              "Most bytes of their names and values together.")
          .live();
  public static final Key<Integer> MESSAGES_PER_SECOND =
      Key.number(
              "mqtt.messages-per-second",
              0,
              1_000_000,
              0,
              "Most publications of one device a second; 0 = any number.")
          .live();
  public static final Key<Long> BYTES_PER_SECOND =
      Key.size(
              "mqtt.bytes-per-second",
              0,
              1 << 30,
              "0B",
              "Most bytes of topics and payloads that one device publishes a second; 0 = any"
                  + " number.")
          .live();

  static final List<Key<?>> ALL =
      List.of(
          MQTT_HOST,
          MQTT_PORT,
          LISTENER_NAME,
          POLICY_MODE,
          SUBSCRIBE,
          PROXIED_FROM,
          LISTENER_HOST,
          LISTENER_PORT,
          LISTENER_POLICY_MODE,
          LISTENER_SUBSCRIBE,
          LISTENER_PROXIED_FROM,
          SEVERAL_CONNECTIONS,
          DENIED_PUBLISH,
          HANDSHAKE_TIMEOUT,
          CONNECT_TIMEOUT,
          KEEP_ALIVE_MAX,
          PACKET_SIZE_MAX,
          CONNECTIONS_MAX,
          CONNECTIONS_PER_DEVICE,
          HANDSHAKES_MAX,
          FULL_HANDSHAKES,
          EVENT_LOOPS,
          RECEIVE_MAX,
          TOPIC_LEVELS_MAX,
          USER_PROPERTIES_MAX,
          USER_PROPERTIES_BYTES_MAX,
          MESSAGES_PER_SECOND,
          BYTES_PER_SECOND);

  private MqttKeys() {}
}
