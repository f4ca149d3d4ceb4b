package io.sallyport.control.commands;

import io.sallyport.identity.command.Receipt.Result;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** What receipts said since this process started, and how many were none. */
final class ReceiptCounters {
  private final Map<Result, LongAdder> results;
  private final LongAdder disbelieved = new LongAdder();

  ReceiptCounters() {
    var made = new EnumMap<Result, LongAdder>(Result.class);
    Arrays.stream(Result.values()).forEach(result -> made.put(result, new LongAdder()));
    results = Collections.unmodifiableMap(made);
  }

  /** One that the device's key signed, for a command that it was sent. */
  void believed(Result result) {
    results.getOrDefault(result, disbelieved).increment();
  }

  /** One that was not. */
  void disbelieved() {
    disbelieved.increment();
  }

  /** Each word with its count. */
  void each(ObjLongConsumer<String> out) {
    results.forEach(
        (result, count) -> out.accept(result.name().toLowerCase(Locale.ROOT), count.sum()));
    out.accept("disbelieved", disbelieved.sum());
  }
}
