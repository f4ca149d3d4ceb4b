package io.sallyport.app.node;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the heap collected as a whole when it has grown to twice what was left of it the last time.
 * The serial collector, chosen for its small footprint, lets the old generation grow to the largest
 * heap before it looks at it, though devices that come and go leave most of it dead.
 */
final class HeapCare {
  /** Below this growth a pause, which is longer the more lives, would gain too little. */
  static final long GROWTH_MIN = 128L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(HeapCare.class);

  private final LongSupplier committed;
  private final Runnable collection;
  private long settled;

  HeapCare() {
    this(() -> Runtime.getRuntime().totalMemory(), HeapCare::collect);
  }

  /**
   * With a heap of its own.
   *
   * @param committed bytes that the heap has taken of the machine
   */
  HeapCare(LongSupplier committed, Runnable collection) {
    this.committed = committed;
    this.collection = collection;
    this.settled = committed.getAsLong();
  }

  /** Looks how far the heap has grown; to be called now and then, by one thread. */
  void look() {
    long before = committed.getAsLong();
    if (before - settled < Math.max(settled, GROWTH_MIN)) {
      return;
    }
    collection.run();
    settled = committed.getAsLong();
    LOG.atDebug()
        .addKeyValue("before", before)
        .addKeyValue("after", settled)
        .log("the heap was collected");
  }

  private static void collect() {
    System.gc();
  }
}
