package io.sallyport.exchange.upstream;

import io.sallyport.exchange.Reason;
import org.jspecify.annotations.Nullable;

/** Something of the device's that cannot go to the broker yet. */
abstract class Parcel {
  final int packetId;
  final int weight;

  /** Whether it takes a place among the unacknowledged publications. */
  final boolean isCounted;

  /** Whether a footprint has still to be durable. */
  boolean isNoting;

  /** Why it will not go at all. */
  @Nullable Reason refusal;

  Parcel(int packetId, int weight, boolean isCounted) {
    this.packetId = packetId;
    this.weight = weight;
    this.isCounted = isCounted;
  }

  abstract void send();

  /** Answers the device instead. */
  abstract void refuse(Reason reason);
}
