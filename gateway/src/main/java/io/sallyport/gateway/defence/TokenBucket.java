package io.sallyport.gateway.defence;

/** So many a second, and what was not taken in the last two seconds besides. Not thread-safe. */
final class TokenBucket {
  /** How long what is not taken is kept. */
  static final int BURST_SECONDS = 2;

  private static final double NANOS = 1e9;

  private final double perNano;
  private final double capacity;
  private double tokens;
  private long at;

  TokenBucket(long perSecond, long now) {
    this.perNano = perSecond / NANOS;
    this.capacity = (double) perSecond * BURST_SECONDS;
    this.tokens = capacity;
    this.at = now;
  }

  /** Whether so much is there; whoever asks for more than fits needs it full. */
  boolean has(long cost, long now) {
    refill(now);
    return tokens >= Math.min((double) cost, capacity);
  }

  /** Takes it, into debt if need be. */
  void spend(long cost, long now) {
    refill(now);
    tokens -= cost;
  }

  boolean isFull(long now) {
    refill(now);
    return tokens >= capacity;
  }

  /** How long it will be in debt. */
  long debtNanos(long now) {
    refill(now);
    return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / perNano);
  }

  private void refill(long now) {
    tokens = Math.min(capacity, tokens + (now - at) * perNano);
    at = now;
  }
}
