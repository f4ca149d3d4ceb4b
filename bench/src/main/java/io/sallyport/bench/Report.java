package io.sallyport.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What all rounds gave, as medians side by side. */
final class Report {
  private record Row(Case about, Figure figure) {}

  private final List<String> servers;
  private final Map<Row, Map<String, List<Double>>> samples = new LinkedHashMap<>();

  /** The first server is ours if there are two; ratios are the first to the second. */
  Report(List<String> servers) {
    this.servers = List.copyOf(servers);
  }

  void add(Case about, String server, Map<Figure, Double> figures) {
    // In the order of the enum, whatever map a measurement used.
    for (var figure : Figure.values()) {
      if (figures.containsKey(figure)) {
        samples
            .computeIfAbsent(new Row(about, figure), _ -> new LinkedHashMap<>())
            .computeIfAbsent(server, _ -> new ArrayList<>())
            .add(figures.get(figure));
      }
    }
  }

  /** The aligned table for people. */
  String table() {
    var table = new TextTable();
    var header = new ArrayList<>(List.of("case", "figure"));
    header.addAll(servers);
    if (servers.size() == 2) {
      header.addAll(List.of("ratio", "goal", ""));
    }
    table.row(header);
    var last = "";
    for (var row : samples.keySet()) {
      var cells = new ArrayList<String>();
      cells.add(row.about().name().equals(last) ? "" : row.about().name());
      cells.add(row.figure().label());
      servers.forEach(server -> cells.add(median(row, server)));
      if (servers.size() == 2) {
        cells.addAll(verdict(row));
      }
      table.row(cells);
      last = row.about().name();
    }
    return table.toString();
  }

  /** The servers, in the order of the columns. */
  List<String> servers() {
    return servers;
  }

  /** The median of what a server had, if it was measured. */
  OptionalDouble median(Case about, Figure figure, String server) {
    var values = values(new Row(about, figure), server);
    return values.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Median.of(values));
  }

  private String median(Row row, String server) {
    var values = values(row, server);
    return values.isEmpty() ? "–" : row.figure().format(Median.of(values));
  }

  private List<Double> values(Row row, String server) {
    return samples.getOrDefault(row, Map.of()).getOrDefault(server, List.of());
  }

  private List<String> verdict(Row row) {
    var ratio = ratio(row);
    if (ratio == null) {
      return List.of("", "", "");
    }
    var goal = goal(row);
    return List.of(
        String.format(Locale.ROOT, "%.2f", ratio),
        goal == null ? "" : goal.toString(),
        goal == null ? "" : goal.isMet(ratio) ? "met" : "MISSED");
  }

  private @Nullable Double ratio(Row row) {
    if (servers.size() != 2
        || values(row, servers.get(0)).isEmpty()
        || values(row, servers.get(1)).isEmpty()) {
      return null;
    }
    var theirs = Median.of(values(row, servers.get(1)));
    return theirs == 0 ? null : Median.of(values(row, servers.get(0))) / theirs;
  }

  private static @Nullable Goal goal(Row row) {
    var goal = row.about().goal();
    return goal != null && goal.figure() == row.figure() ? goal : null;
  }

  /** The same for programs, with every sample. */
  List<Map<String, Object>> facts() {
    var facts = new ArrayList<Map<String, Object>>();
    for (var entry : samples.entrySet()) {
      var row = entry.getKey();
      var fact = new LinkedHashMap<String, Object>();
      fact.put("case", row.about().name());
      fact.put("figure", row.figure().label());
      entry.getValue().forEach((server, values) -> fact.put(server, Median.of(values)));
      fact.put("samples", entry.getValue());
      var ratio = ratio(row);
      var goal = goal(row);
      if (ratio != null) {
        fact.put("ratio", ratio);
      }
      if (ratio != null && goal != null) {
        fact.put("goal", goal.toString());
        fact.put("met", goal.isMet(ratio));
      }
      facts.add(fact);
    }
    return facts;
  }
}
