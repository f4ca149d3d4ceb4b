package io.sallyport.gateway.service;

import io.sallyport.exchange.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the server's own client is to publish, and what of it is not acknowledged yet. */
final class Outgoing {
  private static final int PACKET_ID_MAX = 65_535;
  private static final int OVERHEAD = 128;

  // Confined to the event loop.
  private final Queue<Parcel> waiting = new ArrayDeque<>();
  private final Map<Integer, Parcel> open = new HashMap<>();
  private int lastId;

  // Bound: taken in from any thread, before the event loop sees it.
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final LongAdder published = new LongAdder();
  private final LongAdder failed = new LongAdder();

  /** One message on its way. */
  @SuppressWarnings("ArrayRecordComponent") // Written once, compared with nothing.
  record Parcel(byte[] topic, byte[] payload, CompletableFuture<Void> result) {
    int weight() {
      return topic.length + payload.length + OVERHEAD;
    }

    String topicText() {
      return new String(topic, StandardCharsets.UTF_8);
    }
  }

  /**
   * Makes room for one message; null if there is none. From any thread.
   *
   * @param most how many messages may wait, with this one
   */
  @Nullable Parcel admit(String topic, byte[] payload, int most) {
    var parcel =
        new Parcel(topic.getBytes(StandardCharsets.UTF_8), payload, new CompletableFuture<>());
    long count = messages.incrementAndGet();
    long weight = bytes.addAndGet(parcel.weight());
    if (count > most || weight > ServiceTerms.WAITING_BYTES_MAX) {
      release(parcel);
      failed.increment();
      return null;
    }
    return parcel;
  }

  private void release(Parcel parcel) {
    messages.decrementAndGet();
    bytes.addAndGet(-parcel.weight());
  }

  void add(Parcel parcel) {
    waiting.add(parcel);
  }

  /** How many are not acknowledged. */
  int open() {
    return open.size();
  }

  @Nullable Parcel next() {
    return waiting.poll();
  }

  /** It is published now, under this packet id. */
  int began(Parcel parcel) {
    do {
      lastId = lastId == PACKET_ID_MAX ? 1 : lastId + 1;
    } while (open.containsKey(lastId));
    open.put(lastId, parcel);
    return lastId;
  }

  void answered(int packetId, Reason reason) {
    var parcel = open.remove(packetId);
    if (parcel == null) {
      return;
    }
    if (reason.isFailure()) {
      fail(parcel, "refused: " + reason);
    } else {
      release(parcel);
      published.increment();
      parcel.result().complete(null);
    }
  }

  void denied(Parcel parcel) {
    fail(parcel, "the policy of the device services does not allow it");
  }

  private void fail(Parcel parcel, String why) {
    release(parcel);
    failed.increment();
    parcel
        .result()
        .completeExceptionally(
            new IllegalStateException("not published to '" + parcel.topicText() + "': " + why));
  }

  /** Gives up everything: nothing is kept to be sent later. */
  void fail(String why) {
    while (!waiting.isEmpty()) {
      fail(waiting.remove(), why);
    }
    var unanswered = Map.copyOf(open);
    open.clear();
    unanswered.values().forEach(parcel -> fail(parcel, why));
  }

  long published() {
    return published.sum();
  }

  long failed() {
    return failed.sum();
  }

  long waiting() {
    return messages.get();
  }
}
