package io.sallyport.exchange.builtin;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What is counted, and the bytes of all queues together. */
final class Counters {
  final LongAdder published = new LongAdder();
  final LongAdder delivered = new LongAdder();
  final LongAdder droppedQueueFull = new LongAdder();
  final LongAdder refusedQueueFull = new LongAdder();
  final LongAdder droppedExpired = new LongAdder();
  final LongAdder droppedDenied = new LongAdder();
  final LongAdder droppedTooLarge = new LongAdder();
  final LongAdder queued = new LongAdder();

  private final AtomicLong bytes = new AtomicLong();
  private final LongSupplier bytesMax;

  Counters(LongSupplier bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Takes bytes of the bound of all queues together, if they are there. */
  boolean reserve(long wanted) {
    if (bytes.addAndGet(wanted) <= bytesMax.getAsLong()) {
      return true;
    }
    bytes.addAndGet(-wanted);
    return false;
  }

  /** Whether the bound of all queues together leaves room. */
  boolean hasRoom(long wanted) {
    return bytes.get() + wanted <= bytesMax.getAsLong();
  }

  /** Takes bytes for what was already accepted before a restart. */
  void reserveRegardless(long wanted) {
    bytes.addAndGet(wanted);
  }

  void release(long reserved) {
    bytes.addAndGet(-reserved);
  }

  long bytes() {
    return bytes.get();
  }
}
