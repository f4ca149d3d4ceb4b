package io.sallyport.app.configuration;

import java.time.Duration;
import java.util.List;

/** Keys of the built-in exchange. */
public final class ExchangeKeys {
  public static final Key<Integer> QUEUE_MESSAGES =
      Key.number(
              "exchange.session-queue-messages",
              1,
              1_000_000,
              1_000,
              "Most messages that wait for one session.")
          .live();
  public static final Key<Long> QUEUE_BYTES =
      Key.size(
              "exchange.session-queue-bytes",
              64 << 10,
              1L << 30,
              "8MiB",
              "Most bytes that wait for one session.")
          .live();
  public static final Key<Long> TOTAL_QUEUE_BYTES =
      Key.size(
              "exchange.total-queue-bytes",
              1 << 20,
              64L << 30,
              "512MiB",
              "Most bytes that wait for all sessions together.")
          .live();
  public static final Key<Integer> SESSIONS_STORED =
      Key.number(
              "exchange.sessions-stored",
              1,
              10_000_000,
              100_000,
              "Most sessions that outlive their connection.")
          .live();
  public static final Key<Integer> SUBSCRIPTIONS =
      Key.number(
              "exchange.subscriptions-per-session",
              1,
              10_000,
              100,
              "Most subscriptions of a session.")
          .live();
  public static final Key<Integer> RETAINED_MESSAGES =
      Key.number("exchange.retained-messages", 0, 10_000_000, 100_000, "Most retained messages.")
          .live();
  public static final Key<Long> RETAINED_BYTES =
      Key.size("exchange.retained-bytes", 0, 64L << 30, "256MiB", "Most retained bytes.").live();
  public static final Key<Duration> SESSION_EXPIRY_MAX =
      Key.time(
              "exchange.session-expiry-max",
              "0s",
              "3650d",
              "7d",
              "Longest time that a session outlives its connection.")
          .live();

  static final List<Key<?>> ALL =
      List.of(
          QUEUE_MESSAGES,
          QUEUE_BYTES,
          TOTAL_QUEUE_BYTES,
          SESSIONS_STORED,
          SUBSCRIPTIONS,
          RETAINED_MESSAGES,
          RETAINED_BYTES,
          SESSION_EXPIRY_MAX);

  private ExchangeKeys() {}
}
