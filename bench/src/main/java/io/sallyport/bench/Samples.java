package io.sallyport.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures by name, one of each round, in the order in which they were first told. */
final class Samples {
  private static final double FEW = 10;

  private final Map<String, List<Double>> values = new LinkedHashMap<>();

  void add(String what, double value) {
    values.computeIfAbsent(what, _ -> new ArrayList<>()).add(value);
  }

  /** Forgets what was measured while things were warming up. */
  void clear() {
    values.clear();
  }

  double median(String what) {
    return Median.of(values.getOrDefault(what, List.of()));
  }

  /** The names that begin so. */
  List<String> names(String beginning) {
    return values.keySet().stream().filter(name -> name.startsWith(beginning)).toList();
  }

  /** Each figure's median, least and most. */
  TextTable table(String title) {
    var table = new TextTable();
    table.row(List.of(title, "median", "least", "most"));
    values.forEach(
        (what, each) ->
            table.row(
                List.of(
                    what,
                    shown(Median.of(each)),
                    shown(each.stream().min(Double::compare).orElseThrow()),
                    shown(each.stream().max(Double::compare).orElseThrow()))));
    return table;
  }

  private static String shown(double value) {
    return String.format(Locale.ROOT, value < FEW ? "%.2f" : "%.0f", value);
  }
}
