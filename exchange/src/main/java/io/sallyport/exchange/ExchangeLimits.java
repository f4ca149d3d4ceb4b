package io.sallyport.exchange;

/**
 * The exchange's bounds.
 *
 * @param sessionQueueMessages most messages waiting for one session
 * @param sessionQueueBytes most bytes waiting for one session
 * @param totalQueueBytes most bytes waiting for all sessions together
 * @param sessionsStored most sessions that outlive their connection
 * @param subscriptionsPerSession most subscriptions of one session
 * @param retainedMessages most retained messages
 * @param retainedBytes most bytes of retained messages
 * @param sessionExpirySecondsMax longest time a session outlives its connection
 * @param inboundReceiveMaximum most unacknowledged QoS 1 and 2 publications of one client
 */
public record ExchangeLimits(
    int sessionQueueMessages,
    long sessionQueueBytes,
    long totalQueueBytes,
    int sessionsStored,
    int subscriptionsPerSession,
    int retainedMessages,
    long retainedBytes,
    long sessionExpirySecondsMax,
    int inboundReceiveMaximum) {
  /** What a user gets who configures nothing. */
  public static final ExchangeLimits DEFAULTS =
      new ExchangeLimits(
          10_000, 8L << 20, 512L << 20, 100_000, 100, 100_000, 256L << 20, 7L * 24 * 3600, 1_000);

  public ExchangeLimits withInboundReceiveMaximum(int publications) {
    return new ExchangeLimits(
        sessionQueueMessages,
        sessionQueueBytes,
        totalQueueBytes,
        sessionsStored,
        subscriptionsPerSession,
        retainedMessages,
        retainedBytes,
        sessionExpirySecondsMax,
        publications);
  }
}
