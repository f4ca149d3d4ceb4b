package io.sallyport.app.configuration;

import java.time.Duration;
import java.util.List;

/** Keys of the user's own broker, which may stand in the place of the built-in exchange. */
public final class UpstreamKeys {
  /** The version of MQTT that the user's own broker is spoken to in. */
  public enum UpstreamProtocol {
    MQTT_5,
    MQTT_3_1_1
  }

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

  public static final Key<Integer> UPSTREAM_SHARED_CONNECTIONS =
      Key.number(
          "upstream.shared-connections",
          0,
          64,
          0,
          "Connections of each event loop that devices share which only publish; 0 for none. The"
              + " broker does not learn which device a message is from.");
  public static final Key<String> UPSTREAM_SHARED_USER =
      Key.text(
          "upstream.shared-user",
          "user name",
          "",
          "Who the gateway is at the broker on shared connections, which are not opened without.");

  static final List<Key<?>> ALL =
      List.of(
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
          UPSTREAM_SHARED_CONNECTIONS,
          UPSTREAM_SHARED_USER);

  private UpstreamKeys() {}
}
