package io.sallyport.agent.mqtt;

import java.time.Duration;

/**
 * How a device introduces itself.
 *
 * @param clientId its id
 * @param sessionExpiry how long the server keeps its session while it is away
 * @param keepAlive how long the connection may be silent, 1 s to 18 h
 * @param receiveMaximum how many deliveries may wait to be acknowledged, 1 to 65535
 * @param packetMax the longest packet taken, bytes
 * @param patience how long connecting may take
 */
public record Greeting(
    String clientId,
    Duration sessionExpiry,
    Duration keepAlive,
    int receiveMaximum,
    int packetMax,
    Duration patience) {
  /** As an agent does it. */
  public static Greeting of(String clientId) {
    return new Greeting(
        clientId,
        Duration.ofDays(7),
        Duration.ofSeconds(60),
        16,
        256 * 1024,
        Duration.ofSeconds(20));
  }

  /** The same with another keep alive. */
  public Greeting withKeepAlive(Duration other) {
    return new Greeting(clientId, sessionExpiry, other, receiveMaximum, packetMax, patience);
  }
}
