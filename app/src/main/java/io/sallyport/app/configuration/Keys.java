package io.sallyport.app.configuration;

import io.sallyport.gateway.defence.AddressBlock;
import io.sallyport.policy.ListenerRules;
import io.sallyport.policy.Mode;
import io.sallyport.policy.SubscribeRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every key that the file may hold; docs/configuration.md is this list. */
public final class Keys {
  /** How log lines look. */
  public enum LogFormat {
    READABLE,
    JSON
  }

  /** What is logged at all. */
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  /** What a refused PUBLISH does to an MQTT 3.1.1 connection, which cannot be told a reason. */
  public enum DeniedPublish {
    DISCONNECT,
    DROP
  }

  private static final String BY_MODE = "inclusive; literal if aws-compat";

  /** The version of MQTT that the user's own broker is spoken to in. */
  public enum UpstreamProtocol {
    MQTT_5,
    MQTT_3_1_1
  }

  public static final Key<List<String>> NAMES =
      Key.texts(
          "names",
          "DNS names and addresses",
          List.of("localhost", "127.0.0.1"),
          "What clients call this server: goes into its TLS certificates; the first one is"
              + " printed in bundles.");

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
          "Load balancers: if there are some, nobody else may connect, and each connection begins"
              + " with a PROXY protocol header of version 2.");

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
      Key.blocks("mqtt.listeners.<name>.proxy-protocol-from", List.of(), "Load balancers there.");

  public static final Key<Boolean> SEVERAL_CONNECTIONS =
      Key.flag(
          "mqtt.several-connections",
          false,
          "Whether a device may hold several connections, with client ids that begin with its id"
              + " and a colon.");
  public static final Key<DeniedPublish> DENIED_PUBLISH =
      Key.choice(
          "mqtt.denied-publish",
          DeniedPublish.class,
          DeniedPublish.DISCONNECT,
          "What a denied PUBLISH does to an MQTT 3.1.1 connection.");
  public static final Key<Duration> HANDSHAKE_TIMEOUT =
      Key.time("mqtt.handshake-timeout", "1s", "60s", "10s", "Longest TLS handshake.");
  public static final Key<Duration> CONNECT_TIMEOUT =
      Key.time("mqtt.connect-timeout", "1s", "60s", "5s", "Longest wait for CONNECT after it.");
  public static final Key<Duration> KEEP_ALIVE_MAX =
      Key.time(
          "mqtt.keep-alive-max",
          "10s",
          "18h",
          "20m",
          "Longest keep-alive; a client that asks for more, or for none, gets this one.");
  public static final Key<Long> PACKET_SIZE_MAX =
      Key.size("mqtt.packet-size-max", 1 << 10, 16 << 20, "256KiB", "Largest MQTT packet.");
  public static final Key<Integer> CONNECTIONS_MAX =
      Key.number("mqtt.connections-max", 1, 1_000_000, 50_000, "Most connections at once.");
  public static final Key<Integer> CONNECTIONS_PER_DEVICE =
      Key.number(
          "mqtt.connections-per-device",
          1,
          100_000,
          16,
          "Most connections of one device, where it may hold several.");
  public static final Key<Integer> HANDSHAKES_MAX =
      Key.number("mqtt.handshakes-max", 1, 100_000, 2_000, "Most TLS handshakes at once.");
  public static final Key<Integer> FULL_HANDSHAKES =
      Key.number(
          "mqtt.full-handshakes-per-second",
          0,
          1_000_000,
          5_000,
          "Most TLS handshakes without a ticket a second; 0 = any number.");
  public static final Key<Integer> EVENT_LOOPS =
      Key.number("mqtt.event-loops", 0, 256, 0, "Threads that serve sockets; 0 = one a core.");
  public static final Key<Integer> RECEIVE_MAX =
      Key.number(
          "mqtt.receive-max",
          1,
          65_535,
          1_000,
          "Most QoS 1 and 2 publications of one client that are not yet acknowledged.");

  public static final Key<Duration> RECORD_INTERVAL =
      Key.time(
          "policy.record-interval",
          "1s",
          "1h",
          "60s",
          "How often what policies are used for is written; a kill loses no more than this.");
  public static final Key<Integer> TOPIC_LEVELS_MAX =
      Key.number("mqtt.topic-levels-max", 1, 128, 32, "Most levels of a topic name or filter.");
  public static final Key<Integer> USER_PROPERTIES_MAX =
      Key.number("mqtt.user-properties-max", 0, 1_000, 32, "Most user properties of a packet.");
  public static final Key<Long> USER_PROPERTIES_BYTES_MAX =
      Key.size(
          "mqtt.user-properties-bytes-max",
          0,
          1 << 20,
          "8KiB",
          "Most bytes of their names and values together.");
  public static final Key<Integer> MESSAGES_PER_SECOND =
      Key.number(
          "mqtt.messages-per-second",
          0,
          1_000_000,
          0,
          "Most publications of one device a second; 0 = any number.");
  public static final Key<Long> BYTES_PER_SECOND =
      Key.size(
          "mqtt.bytes-per-second",
          0,
          1 << 30,
          "0B",
          "Most bytes of topics and payloads that one device publishes a second; 0 = any number.");

  public static final Key<List<AddressBlock>> TRUSTED =
      Key.blocks(
          "sources.trusted",
          List.of("127.0.0.0/8", "::1"),
          "Who is never banned and not bound by what one source may take; a gateway of many"
              + " devices with one address, for example.");
  public static final Key<Integer> SOURCE_HANDSHAKES =
      Key.number(
          "sources.full-handshakes-per-second",
          0,
          1_000_000,
          500,
          "Most TLS handshakes without a ticket a second from one source (/24, in IPv6 /56); 0 ="
              + " any number.");
  public static final Key<Integer> SOURCE_HANDSHAKES_MAX =
      Key.number(
          "sources.handshakes-max",
          1,
          100_000,
          1_000,
          "Most TLS handshakes at once from one source (/24, in IPv6 /56).");
  public static final Key<Integer> BAN_AFTER =
      Key.number(
          "sources.ban-after",
          0,
          100_000,
          20,
          "Failed handshakes and refused CONNECTs within the find time that ban an address (in IPv6"
              + " a /64); 0 = never.");
  public static final Key<Duration> BAN_FIND_TIME =
      Key.time("sources.ban-find-time", "1s", "1d", "10m", "How long a failure counts.");
  public static final Key<Duration> BAN_TIME =
      Key.time(
          "sources.ban-time",
          "1s",
          "30d",
          "1m",
          "How long the first ban lasts; each further one lasts twice as long.");
  public static final Key<Duration> BAN_TIME_MAX =
      Key.time(
          "sources.ban-time-max",
          "1s",
          "365d",
          "1d",
          "The longest ban, and how long an address must be good until the next ban is a first"
              + " one.");
  public static final Key<Integer> BANS_MAX =
      Key.number("sources.bans-max", 1, 1_000_000, 10_000, "Most bans at once.");

  public static final Key<String> HTTPS_HOST =
      Key.text("https.host", "address", "127.0.0.1", "Where operators are let in.");
  public static final Key<Integer> HTTPS_PORT =
      Key.number("https.port", 0, 65_535, 8443, "REST API of the operators; 0 picks a free port.");

  public static final Key<Integer> QUEUE_MESSAGES =
      Key.number(
          "exchange.session-queue-messages",
          1,
          1_000_000,
          1_000,
          "Most messages that wait for one session.");
  public static final Key<Long> QUEUE_BYTES =
      Key.size(
          "exchange.session-queue-bytes",
          64 << 10,
          1L << 30,
          "8MiB",
          "Most bytes that wait for one session.");
  public static final Key<Long> TOTAL_QUEUE_BYTES =
      Key.size(
          "exchange.total-queue-bytes",
          1 << 20,
          64L << 30,
          "512MiB",
          "Most bytes that wait for all sessions together.");
  public static final Key<Integer> SESSIONS_STORED =
      Key.number(
          "exchange.sessions-stored",
          1,
          10_000_000,
          100_000,
          "Most sessions that outlive their connection.");
  public static final Key<Integer> SUBSCRIPTIONS =
      Key.number(
          "exchange.subscriptions-per-session", 1, 10_000, 100, "Most subscriptions of a session.");
  public static final Key<Integer> RETAINED_MESSAGES =
      Key.number("exchange.retained-messages", 0, 10_000_000, 100_000, "Most retained messages.");
  public static final Key<Long> RETAINED_BYTES =
      Key.size("exchange.retained-bytes", 0, 64L << 30, "256MiB", "Most retained bytes.");
  public static final Key<Duration> SESSION_EXPIRY_MAX =
      Key.time(
          "exchange.session-expiry-max",
          "0s",
          "3650d",
          "7d",
          "Longest time that a session outlives its connection.");

  public static final Key<String> UPSTREAM_ADDRESS =
      Key.text(
          "upstream.address",
          "tcp://host:port or ssl://host:port, several separated by commas",
          "",
          "Your own MQTT broker, which carries the messages instead of the built-in exchange.");
  public static final Key<UpstreamProtocol> UPSTREAM_PROTOCOL =
      Key.choice(
          "upstream.protocol",
          UpstreamProtocol.class,
          UpstreamProtocol.MQTT_5,
          "The version of MQTT that the broker is spoken to in, whatever a device speaks.");
  public static final Key<String> UPSTREAM_TRUST_FILE =
      Key.text(
          "upstream.trust-file",
          "path",
          "",
          "The authorities (PEM) of the broker's certificate, for ssl://; else those of the JDK.");
  public static final Key<String> UPSTREAM_CERTIFICATE_FILE =
      Key.text(
          "upstream.certificate-file",
          "path",
          "",
          "The gateway's client certificate with its chain (PEM), for ssl://.");
  public static final Key<String> UPSTREAM_KEY_FILE =
      Key.text(
          "upstream.key-file",
          "path",
          "",
          "A file, mode 0600, with its private key (PEM, PKCS #8, not encrypted).");
  public static final Key<String> UPSTREAM_PASSWORD_FILE =
      Key.text(
          "upstream.password-file",
          "path",
          "",
          "A file, mode 0600, with the password that goes with every user; the user is the"
              + " device's id.");
  public static final Key<Boolean> UPSTREAM_PROXY_PROTOCOL =
      Key.flag(
          "upstream.proxy-protocol",
          false,
          "Whether each connection begins with a PROXY protocol v2 header that names the device's"
              + " address.");
  public static final Key<Duration> UPSTREAM_CONNECT_TIMEOUT =
      Key.time(
          "upstream.connect-timeout",
          "100ms",
          "30s",
          "2s",
          "Longest wait for one address of the broker: TCP, TLS and CONNACK together.");
  public static final Key<Duration> UPSTREAM_RETRY_MAX =
      Key.time(
          "upstream.retry-max",
          "100ms",
          "5m",
          "5s",
          "Longest time that an address of the broker which failed is left alone.");
  public static final Key<Duration> UPSTREAM_KEEP_ALIVE =
      Key.time(
          "upstream.keep-alive",
          "2s",
          "18h",
          "60s",
          "Keep-alive towards the broker: a broker that is silent for so long is lost.");

  public static final Key<String> DATABASE_URL =
      Key.text(
          "database.url",
          "JDBC URL",
          "",
          "PostgreSQL (jdbc:postgresql://host/name) instead of the SQLite file in the data"
              + " directory; no password in it.");
  public static final Key<String> DATABASE_USER =
      Key.text("database.user", "name", "", "The PostgreSQL user.");
  public static final Key<String> DATABASE_PASSWORD_FILE =
      Key.text(
          "database.password-file", "path", "", "A file, mode 0600, with the user's password.");

  public static final Key<String> PASSPHRASE_FILE =
      Key.text(
          "ca.passphrase-file",
          "path",
          "",
          "A file, mode 0600, with the passphrase that seals the CA's keys; else the environment"
              + " variable SALLYPORT_PASSPHRASE; else a generated key file in the data directory.");
  public static final Key<Duration> DEVICE_VALIDITY =
      Key.time("ca.device-validity", "1h", "1825d", "365d", "Life of a device's certificate.");

  public static final Key<String> TRACING_ENDPOINT =
      Key.text(
          "tracing.otlp-endpoint",
          "URL",
          "",
          "Where traces of connections go, OTLP over HTTP (`https://host:4318/v1/traces`); http"
              + " only to this machine. Without it none are made.");
  public static final Key<String> TRACING_HEADERS_FILE =
      Key.text(
          "tracing.headers-file",
          "path",
          "",
          "A file, mode 0600, with headers for it, such as a token: `name: value` on each line.");
  public static final Key<String> TRACING_CA_FILE =
      Key.text(
          "tracing.ca-file",
          "path",
          "",
          "Certificates (PEM) that it is verified by, instead of those that Java trusts.");
  public static final Key<Integer> TRACING_CONNECTIONS =
      Key.number(
          "tracing.connections-one-in", 1, 1_000_000, 1, "One connection of so many is traced.");
  public static final Key<Integer> TRACING_PUBLISHES =
      Key.number(
          "tracing.publishes-one-in",
          1,
          1_000_000,
          1_000,
          "One PUBLISH of so many in traced connections is a span.");
  public static final Key<String> CERTIFICATE_FILE =
      Key.text(
          "tls.certificate-file",
          "path",
          "",
          "What devices are shown instead of a certificate of our own: a PEM file with the leaf,"
              + " then its issuers.");
  public static final Key<String> KEY_FILE =
      Key.text("tls.key-file", "path", "", "Its private key: a PEM file, PKCS #8, mode 0600.");
  public static final Key<Duration> CERTIFICATE_LIFETIME =
      Key.time(
          "tls.certificate-lifetime",
          "1m",
          "397d",
          "397d",
          "Life of our own certificate; it is made anew when a third of it is left.");

  public static final Key<Duration> WATCH_INTERVAL =
      Key.time(
          "reload.watch-interval",
          "0s",
          "1h",
          "0s",
          "How often this file and the certificate's files are looked at for a change, which is"
              + " then loaded; 0s: never, only when told.");

  public static final Key<String> DRAIN_TO =
      Key.text(
          "drain.to",
          "host:port",
          "",
          "Where MQTT 5 devices are told to go when they are sent away.");
  public static final Key<Integer> DRAIN_RATE =
      Key.number("drain.rate", 1, 100_000, 500, "Most devices that are sent away in a second.");
  public static final Key<Duration> DRAIN_TIMEOUT =
      Key.time(
          "drain.timeout",
          "0s",
          "10m",
          "10s",
          "How long SIGTERM may take to send devices away, faster than the rate if need be.");

  public static final Key<LogFormat> LOG_FORMAT =
      Key.choice("log.format", LogFormat.class, LogFormat.READABLE, "How log lines look.");
  public static final Key<LogLevel> LOG_LEVEL =
      Key.choice("log.level", LogLevel.class, LogLevel.INFO, "What is logged.");

  /** All of them, in the order of the documentation. */
  public static final List<Key<?>> ALL =
      with(
          NeighbourKeys.ALL,
          NAMES,
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
          RECORD_INTERVAL,
          TOPIC_LEVELS_MAX,
          USER_PROPERTIES_MAX,
          USER_PROPERTIES_BYTES_MAX,
          MESSAGES_PER_SECOND,
          BYTES_PER_SECOND,
          TRUSTED,
          SOURCE_HANDSHAKES,
          SOURCE_HANDSHAKES_MAX,
          BAN_AFTER,
          BAN_FIND_TIME,
          BAN_TIME,
          BAN_TIME_MAX,
          BANS_MAX,
          HTTPS_HOST,
          HTTPS_PORT,
          QUEUE_MESSAGES,
          QUEUE_BYTES,
          TOTAL_QUEUE_BYTES,
          SESSIONS_STORED,
          SUBSCRIPTIONS,
          RETAINED_MESSAGES,
          RETAINED_BYTES,
          SESSION_EXPIRY_MAX,
          UPSTREAM_ADDRESS,
          UPSTREAM_PROTOCOL,
          UPSTREAM_TRUST_FILE,
          UPSTREAM_CERTIFICATE_FILE,
          UPSTREAM_KEY_FILE,
          UPSTREAM_PASSWORD_FILE,
          UPSTREAM_PROXY_PROTOCOL,
          UPSTREAM_CONNECT_TIMEOUT,
          UPSTREAM_RETRY_MAX,
          UPSTREAM_KEEP_ALIVE,
          DATABASE_URL,
          DATABASE_USER,
          DATABASE_PASSWORD_FILE,
          PASSPHRASE_FILE,
          DEVICE_VALIDITY,
          TRACING_ENDPOINT,
          TRACING_HEADERS_FILE,
          TRACING_CA_FILE,
          TRACING_CONNECTIONS,
          TRACING_PUBLISHES,
          CERTIFICATE_FILE,
          KEY_FILE,
          CERTIFICATE_LIFETIME,
          WATCH_INTERVAL,
          DRAIN_TO,
          DRAIN_RATE,
          DRAIN_TIMEOUT,
          LOG_FORMAT,
          LOG_LEVEL);

  /** Those that a reload changes in a running server; the others wait for the next start. */
  public static final List<Key<?>> RELOADED =
      List.of(
          SEVERAL_CONNECTIONS,
          DENIED_PUBLISH,
          HANDSHAKE_TIMEOUT,
          CONNECT_TIMEOUT,
          KEEP_ALIVE_MAX,
          PACKET_SIZE_MAX,
          CONNECTIONS_MAX,
          CONNECTIONS_PER_DEVICE,
          HANDSHAKES_MAX,
          QUEUE_MESSAGES,
          QUEUE_BYTES,
          TOTAL_QUEUE_BYTES,
          SESSIONS_STORED,
          SUBSCRIPTIONS,
          RETAINED_MESSAGES,
          RETAINED_BYTES,
          SESSION_EXPIRY_MAX,
          CERTIFICATE_FILE,
          KEY_FILE,
          CERTIFICATE_LIFETIME,
          WATCH_INTERVAL,
          DRAIN_TO,
          DRAIN_RATE,
          DRAIN_TIMEOUT,
          LOG_FORMAT,
          LOG_LEVEL);

  private static List<Key<?>> with(List<Key<?>> further, Key<?>... ours) {
    return Stream.concat(Stream.of(ours), further.stream()).toList();
  }

  private Keys() {}
}
