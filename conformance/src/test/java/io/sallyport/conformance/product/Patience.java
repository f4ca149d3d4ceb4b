package io.sallyport.conformance.product;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what must come true, no longer than it takes. */
public final class Patience {
  /** Bound: what has not come true by then is a failure, even on a machine with much else to do. */
  public static final Duration LIMIT = Duration.ofSeconds(20);

  private static final Duration STEP = Duration.ofMillis(10);

  private Patience() {}

  /** Waits until the condition holds, or fails and says what never came. */
  public static void until(String what, Callable<Boolean> condition) {
    until(what, LIMIT, condition);
  }

  /** Waits no longer than that. */
  public static void until(String what, Duration limit, Callable<Boolean> condition) {
    var deadline = System.nanoTime() + limit.toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("within " + limit.toSeconds() + " s never came: " + what);
        }
        LockSupport.parkNanos(STEP.toNanos());
      }
    } catch (Exception e) {
      throw new AssertionError("while waiting for: " + what, e);
    }
  }
}
