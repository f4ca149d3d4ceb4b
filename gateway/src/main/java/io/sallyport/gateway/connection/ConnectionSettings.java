package io.sallyport.gateway.connection;

import java.time.Duration;

/**
 * What one connection, and all of them together, may take.
 *
 * @param severalConnections whether a principal may connect more than once, with client ids that
 *     begin with its own id and a colon
 * @param connectionsMax most connections, in whatever state
 * @param connectionsPerPrincipalMax most connections of one principal
 * @param connectTimeout from finished handshake to CONNECT
 * @param outboundBytesMax bytes on their way to one client at which deliveries wait
 * @param unansweredBytesMax bytes of one client's publications that are not yet acknowledged at
 *     which reading from it waits
 * @param deniedPublish what a denied PUBLISH of MQTT 3.1.1 leads to, which has no way to say no
 * @param deniedQos0Max how many QoS 0 publications of an MQTT 5 client are dropped in a window
 *     before it is told
 * @param deniedQos0Window that window
 * @param cutWaitMax how long a cut waits for sockets to be gone
 */
public record ConnectionSettings(
    boolean severalConnections,
    int connectionsMax,
    int connectionsPerPrincipalMax,
    Duration connectTimeout,
    int outboundBytesMax,
    long unansweredBytesMax,
    DeniedPublish deniedPublish,
    int deniedQos0Max,
    Duration deniedQos0Window,
    Duration cutWaitMax) {
  /** What a user gets who configures nothing. */
  public static final ConnectionSettings DEFAULTS =
      new ConnectionSettings(
          false,
          100_000,
          16,
          Duration.ofSeconds(10),
          64 << 10,
          4L << 20,
          DeniedPublish.DISCONNECT,
          20,
          Duration.ofMinutes(1),
          Duration.ofSeconds(5));

  /** What a denied PUBLISH of MQTT 3.1.1 leads to. */
  public enum DeniedPublish {
    /** The connection ends, as AWS IoT does it. */
    DISCONNECT,
    /** It is acknowledged and goes nowhere. */
    DROP
  }

  public ConnectionSettings withSeveralConnections(boolean several) {
    return new ConnectionSettings(
        several,
        connectionsMax,
        connectionsPerPrincipalMax,
        connectTimeout,
        outboundBytesMax,
        unansweredBytesMax,
        deniedPublish,
        deniedQos0Max,
        deniedQos0Window,
        cutWaitMax);
  }

  public ConnectionSettings withConnectionsMax(int all, int perPrincipal) {
    return new ConnectionSettings(
        severalConnections,
        all,
        perPrincipal,
        connectTimeout,
        outboundBytesMax,
        unansweredBytesMax,
        deniedPublish,
        deniedQos0Max,
        deniedQos0Window,
        cutWaitMax);
  }

  public ConnectionSettings withConnectTimeout(Duration timeout) {
    return new ConnectionSettings(
        severalConnections,
        connectionsMax,
        connectionsPerPrincipalMax,
        timeout,
        outboundBytesMax,
        unansweredBytesMax,
        deniedPublish,
        deniedQos0Max,
        deniedQos0Window,
        cutWaitMax);
  }

  public ConnectionSettings withUnansweredBytesMax(long bytes) {
    return new ConnectionSettings(
        severalConnections,
        connectionsMax,
        connectionsPerPrincipalMax,
        connectTimeout,
        outboundBytesMax,
        bytes,
        deniedPublish,
        deniedQos0Max,
        deniedQos0Window,
        cutWaitMax);
  }

  public ConnectionSettings withDeniedPublish(DeniedPublish consequence) {
    return new ConnectionSettings(
        severalConnections,
        connectionsMax,
        connectionsPerPrincipalMax,
        connectTimeout,
        outboundBytesMax,
        unansweredBytesMax,
        consequence,
        deniedQos0Max,
        deniedQos0Window,
        cutWaitMax);
  }
}
