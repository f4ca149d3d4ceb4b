package io.sallyport.gateway.connection;

/** How many devices may be sent away by now. What was not used is not kept, beyond one device. */
final class DrainBudget {
  private static final long DEVICE = 1_000;

  private final long perSecond;
  // In thousandths of a device, which is what a rate of one a second earns in a millisecond.
  private long allowance;

  DrainBudget(int perSecond) {
    this.perSecond = perSecond;
  }

  /** At least so much time has passed since the last call. */
  void passed(long millis) {
    allowance = Math.min(allowance, DEVICE) + perSecond * millis;
  }

  boolean hasOne() {
    return allowance >= DEVICE;
  }

  void take() {
    allowance -= DEVICE;
  }
}
