package io.sallyport.exchange.upstream;

import java.util.concurrent.atomic.LongAdder;

/** What is counted on the way; the rest of the statistics is asked where it is. */
final class Counters {
  final LongAdder published = new LongAdder();
  final LongAdder delivered = new LongAdder();
  final LongAdder queued = new LongAdder();
  final LongAdder queuedBytes = new LongAdder();
  final LongAdder droppedQueueFull = new LongAdder();
  final LongAdder refusedQueueFull = new LongAdder();
  final LongAdder droppedDenied = new LongAdder();
  final LongAdder droppedTooLarge = new LongAdder();
  final LongAdder connects = new LongAdder();
  final LongAdder refusals = new LongAdder();
  final LongAdder losses = new LongAdder();
}
