package io.sallyport.cli.top;

import io.sallyport.cli.terminal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the server said at one moment, and the rates since the moment before. */
final class Snapshot {
  private static final double NANOS = 1e9;

  private final JsonNode status;
  private final JsonNode activity;
  private final long nanos;
  private final @Nullable Snapshot before;

  /**
   * A snapshot.
   *
   * @param before the one that rates are counted from, or null for the first
   */
  Snapshot(JsonNode status, JsonNode activity, long nanos, @Nullable Snapshot before) {
    this.status = status;
    this.activity = activity;
    this.nanos = nanos;
    // A server that was started again counts from nothing: there are no rates across that.
    this.before =
        before != null && before.text("/startedAt").equals(text("/startedAt", status))
            ? before
            : null;
  }

  /** The same without what came before, so that snapshots do not hang on each other for ever. */
  Snapshot alone() {
    return new Snapshot(status, activity, nanos, null);
  }

  String text(String pointer) {
    return text(pointer, status);
  }

  private static String text(String pointer, JsonNode in) {
    return in.at(pointer).asString("");
  }

  long number(String pointer) {
    return status.at(pointer).asLong(0);
  }

  double decimal(String pointer) {
    return status.at(pointer).asDouble(0);
  }

  boolean has(String pointer) {
    return !status.at(pointer).isMissingNode();
  }

  boolean hasRates() {
    return before != null;
  }

  /** How much a counter grows in a second; 0 in the first snapshot. */
  double rate(String pointer) {
    var then = before;
    if (then == null || nanos <= then.nanos) {
      return 0;
    }
    var grown = Math.max(0, number(pointer) - then.number(pointer));
    return grown * NANOS / (nanos - then.nanos);
  }

  /** What is denied in a second, by step and reason, the most frequent first. */
  Map<String, Double> denials() {
    var rates = new LinkedHashMap<String, Double>();
    for (var step : status.at("/gateway/denied").properties()) {
      for (var reason : step.getValue().properties()) {
        rates.put(
            step.getKey() + " " + reason.getKey(),
            rate("/gateway/denied/" + step.getKey() + "/" + reason.getKey()));
      }
    }
    var sorted = new LinkedHashMap<String, Double>();
    rates.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  List<JsonNode> busiest() {
    return all("/busiest");
  }

  List<JsonNode> slowest() {
    return all("/slowest");
  }

  private List<JsonNode> all(String pointer) {
    var all = new ArrayList<JsonNode>();
    activity.at(pointer).forEach(all::add);
    return all;
  }

  /** As one document: the rates, and what the server said. */
  JsonNode json() {
    var document = Json.mapper().createObjectNode();
    var rates = document.putObject("perSecond");
    Screen.RATES.forEach((name, pointer) -> rates.put(name, rate(pointer)));
    var denied = rates.putObject("denied");
    denials().forEach(denied::put);
    document.set("status", status);
    document.set("activity", activity);
    return document;
  }
}
