package io.sallyport.gateway.est;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the EST door answered; written by all loops, read by whoever watches. */
public final class EstCounters {
  // Bound: operations times the statuses that this package sends.
  private final ConcurrentHashMap<Kind, LongAdder> answers = new ConcurrentHashMap<>();

  EstCounters() {
    // So that each is there before the first device comes.
    for (var operation : Operation.values()) {
      answers.put(new Kind(operation.word(), 200), new LongAdder());
    }
  }

  private record Kind(String operation, int status) {}

  /** How often an operation was answered so; "none" is whatever names no operation. */
  public record Count(String operation, int status, long times) {}

  void answered(@Nullable Operation operation, int status) {
    var kind = new Kind(operation == null ? "none" : operation.word(), status);
    answers.computeIfAbsent(kind, _ -> new LongAdder()).increment();
  }

  /** All that were ever given. */
  public List<Count> all() {
    return answers.entrySet().stream()
        .map(
            entry ->
                new Count(
                    entry.getKey().operation(), entry.getKey().status(), entry.getValue().sum()))
        .toList();
  }
}
