package io.sallyport.gateway.topic;

import java.time.Duration;

/**
 * The bounds of callers that nobody knows.
 *
 * @param lifetime how long a connection may last, whatever it does
 * @param requestsMax requests on one connection
 * @param connectionsMax connections at once with one and the same certificate
 * @param atOnceMax requests that are worked on
 */
public record TopicSettings(Duration lifetime, int requestsMax, int connectionsMax, int atOnceMax) {
  /** Bound: a packet of such a caller in bytes; an 8192-bit RSA request in PEM has 6 KiB. */
  public static final int PACKET_MAX = 16 << 10;

  /** Bound: the keep-alive that is asked for does not matter; filters of one SUBSCRIBE do. */
  public static final int FILTERS_MAX = 8;

  /** Two minutes, 16 requests, 32 connections of one certificate, 32 requests at once. */
  public static final TopicSettings DEFAULTS = new TopicSettings(Duration.ofMinutes(2), 16, 32, 32);

  /** The same with other bounds of what the configuration names. */
  public TopicSettings with(Duration newLifetime, int newConnectionsMax) {
    return new TopicSettings(newLifetime, requestsMax, newConnectionsMax, atOnceMax);
  }
}
