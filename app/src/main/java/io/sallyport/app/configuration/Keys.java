package io.sallyport.app.configuration;

import java.time.Duration;
import java.util.List;

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
  public static final Key<Integer> EVENT_LOOPS =
      Key.number("mqtt.event-loops", 0, 256, 0, "Threads that serve sockets; 0 = one a core.");
  public static final Key<Integer> RECEIVE_MAX =
      Key.number(
          "mqtt.receive-max",
          1,
          65_535,
          1_000,
          "Most QoS 1 and 2 publications of one client that are not yet acknowledged.");

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

  public static final Key<LogFormat> LOG_FORMAT =
      Key.choice("log.format", LogFormat.class, LogFormat.READABLE, "How log lines look.");
  public static final Key<LogLevel> LOG_LEVEL =
      Key.choice("log.level", LogLevel.class, LogLevel.INFO, "What is logged.");

  /** All of them, in the order of the documentation. */
  public static final List<Key<?>> ALL =
      List.of(
          NAMES,
          MQTT_HOST,
          MQTT_PORT,
          SEVERAL_CONNECTIONS,
          DENIED_PUBLISH,
          HANDSHAKE_TIMEOUT,
          CONNECT_TIMEOUT,
          KEEP_ALIVE_MAX,
          PACKET_SIZE_MAX,
          CONNECTIONS_MAX,
          CONNECTIONS_PER_DEVICE,
          HANDSHAKES_MAX,
          EVENT_LOOPS,
          RECEIVE_MAX,
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
          LOG_FORMAT,
          LOG_LEVEL);

  private Keys() {}
}
