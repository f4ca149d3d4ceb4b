package io.sallyport.control.provisioning;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enforcement.MetricsSource.Metric;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What became of requests, since the start of this process. */
final class ProvisioningCounters {
  /** How the hook answered. */
  enum HookOutcome {
    ALLOWED,
    DENIED,
    FAILED,
    BUSY
  }

  /** How a request was answered. */
  enum Outcome {
    ACCEPTED,
    REJECTED
  }

  private final Map<ProvisioningTopic.Operation, Map<Outcome, LongAdder>> requests =
      new EnumMap<>(ProvisioningTopic.Operation.class);
  private final Map<HookOutcome, LongAdder> hooks = new EnumMap<>(HookOutcome.class);

  ProvisioningCounters() {
    for (var operation : ProvisioningTopic.Operation.values()) {
      var outcomes = new EnumMap<Outcome, LongAdder>(Outcome.class);
      for (var outcome : Outcome.values()) {
        outcomes.put(outcome, new LongAdder());
      }
      requests.put(operation, outcomes);
    }
    for (var outcome : HookOutcome.values()) {
      hooks.put(outcome, new LongAdder());
    }
  }

  void answered(ProvisioningTopic.Operation operation, Outcome outcome) {
    requests.getOrDefault(operation, Map.of()).getOrDefault(outcome, new LongAdder()).increment();
  }

  void asked(HookOutcome outcome) {
    hooks.getOrDefault(outcome, new LongAdder()).increment();
  }

  void collect(Consumer<Metric> out) {
    requests.forEach(
        (operation, outcomes) ->
            outcomes.forEach(
                (outcome, count) ->
                    out.accept(
                        new Metric(
                            "sallyport_provisioning_requests_total",
                            "Fleet provisioning requests over MQTT.",
                            MetricsSource.Type.COUNTER,
                            Map.of("operation", operation.word(), "outcome", word(outcome)),
                            count.sum()))));
    hooks.forEach(
        (outcome, count) ->
            out.accept(
                new Metric(
                    "sallyport_provisioning_hook_total",
                    "What the pre-provisioning hook answered; failed is no answer that counts.",
                    MetricsSource.Type.COUNTER,
                    Map.of("outcome", word(outcome)),
                    count.sum())));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(java.util.Locale.ROOT);
  }
}
