package io.sallyport.control.shadow;

import io.sallyport.control.enforcement.MetricsSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What became of requests over MQTT and REST, since the start of this process. What a transaction
 * does again counts again.
 */
public final class ShadowCounters implements MetricsSource {
  /** What can be asked of a shadow. */
  enum Operation {
    GET,
    UPDATE,
    DELETE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Operation> ofWord(String word) {
      return Stream.of(values()).filter(one -> one.word().equals(word)).findFirst();
    }
  }

  private enum Outcome {
    ACCEPTED,
    /** What was asked for is no. */
    REJECTED,
    /** Another was faster. */
    CONFLICT,
    /** The desk has no room, or no database. */
    FAILED
  }

  private final Map<Operation, Map<Outcome, LongAdder>> requests = new EnumMap<>(Operation.class);

  /** All of them zero. */
  public ShadowCounters() {
    for (var operation : Operation.values()) {
      var outcomes = new EnumMap<Outcome, LongAdder>(Outcome.class);
      for (var outcome : Outcome.values()) {
        outcomes.put(outcome, new LongAdder());
      }
      requests.put(operation, outcomes);
    }
  }

  void accepted(Operation operation) {
    count(operation, Outcome.ACCEPTED);
  }

  void rejected(Operation operation, ShadowError error) {
    count(
        operation,
        switch (error.code()) {
          case 409 -> Outcome.CONFLICT;
          case 429, 500 -> Outcome.FAILED;
          default -> Outcome.REJECTED;
        });
  }

  private void count(Operation operation, Outcome outcome) {
    requests.getOrDefault(operation, Map.of()).getOrDefault(outcome, new LongAdder()).increment();
  }

  @Override
  public void collect(Consumer<Metric> out) {
    requests.forEach(
        (operation, outcomes) ->
            outcomes.forEach(
                (outcome, count) ->
                    out.accept(
                        new Metric(
                            "sallyport_shadow_requests_total",
                            "Requests about device shadows, over MQTT and REST.",
                            Type.COUNTER,
                            Map.of(
                                "operation",
                                operation.word(),
                                "outcome",
                                outcome.name().toLowerCase(Locale.ROOT)),
                            count.sum()))));
  }
}
