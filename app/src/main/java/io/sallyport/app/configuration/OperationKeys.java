package io.sallyport.app.configuration;

import java.time.Duration;
import java.util.List;

/** Keys of operation: the certificate shown, reload, drain, traces and the log. */
public final class OperationKeys {
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
              "What devices are shown instead of a certificate of our own: a PEM file with the"
                  + " leaf, then its issuers.")
          .live();
  public static final Key<String> KEY_FILE =
      Key.text("tls.key-file", "path", "", "Its private key: a PEM file, PKCS #8, mode 0600.")
          .live();
  public static final Key<String> DEVICE_CA_FILE =
      Key.text(
              "tls.device-ca-file",
              "path",
              "",
              "Further CAs that may have issued devices' certificates, besides our own: a PEM file"
                  + " with issuing CAs and the roots that they lead to; for the time when one is"
                  + " replaced.")
          .live();
  public static final Key<Duration> CERTIFICATE_LIFETIME =
      Key.time(
              "tls.certificate-lifetime",
              "1m",
              "397d",
              "397d",
              "Life of our own certificate; it is made anew when a third of it is left.")
          .live();
  public static final Key<Boolean> STAPLING =
      Key.flag(
              "tls.stapling",
              true,
              "Whether clients that ask for it are shown the OCSP status of the server's"
                  + " certificate with it; made ready before, so that no handshake waits.")
          .live();
  public static final Key<Duration> WATCH_INTERVAL =
      Key.time(
              "reload.watch-interval",
              "0s",
              "1h",
              "0s",
              "How often this file and the certificate's files are looked at for a change, which is"
                  + " then loaded; 0s: never, only when told.")
          .live();
  public static final Key<String> DRAIN_TO =
      Key.text(
              "drain.to",
              "host:port",
              "",
              "Where MQTT 5 devices are told to go when they are sent away.")
          .live();
  public static final Key<Integer> DRAIN_RATE =
      Key.number("drain.rate", 1, 100_000, 500, "Most devices that are sent away in a second.")
          .live();
  public static final Key<Duration> DRAIN_TIMEOUT =
      Key.time(
              "drain.timeout",
              "0s",
              "10m",
              "10s",
              "How long SIGTERM may take to send devices away, faster than the rate if need be.")
          .live();
  public static final Key<LogFormat> LOG_FORMAT =
      Key.choice("log.format", LogFormat.class, LogFormat.READABLE, "How log lines look.").live();
  public static final Key<LogLevel> LOG_LEVEL =
      Key.choice("log.level", LogLevel.class, LogLevel.INFO, "What is logged.").live();

  static final List<Key<?>> ALL =
      List.of(
          TRACING_ENDPOINT,
          TRACING_HEADERS_FILE,
          TRACING_CA_FILE,
          TRACING_CONNECTIONS,
          TRACING_PUBLISHES,
          CERTIFICATE_FILE,
          KEY_FILE,
          DEVICE_CA_FILE,
          CERTIFICATE_LIFETIME,
          STAPLING,
          WATCH_INTERVAL,
          DRAIN_TO,
          DRAIN_RATE,
          DRAIN_TIMEOUT,
          LOG_FORMAT,
          LOG_LEVEL);

  private OperationKeys() {}
}
