package io.sallyport.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What all rounds gave, as medians side by side. */
final class Report {
  private record Row(Case about, Figure figure) {}

  private final List<String> servers;
  private final Predicate<String> yardstick;
  private final Map<Row, Map<String, List<Double>>> samples = new LinkedHashMap<>();

  /**
   * The first server is ours if there are several; ratios are the first to each other.
   *
   * @param yardstick whom a case's goal was made for; it is enough to be ahead of the others
   */
  Report(List<String> servers, Predicate<String> yardstick) {
    this.servers = List.copyOf(servers);
    this.yardstick = yardstick;
  }

  /** All rivals are yardsticks. */
  Report(List<String> servers) {
    this(servers, _ -> true);
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

  /** The aligned table for people: ours, then a group of columns for each rival. */
  String table() {
    var table = new TextTable();
    table.row(header());
    var last = "";
    for (var row : samples.keySet()) {
      var cells = new ArrayList<String>();
      cells.add(row.about().name().equals(last) ? "" : row.about().name());
      cells.add(row.figure().label());
      cells.add(median(row, servers.getFirst()));
      if (hasOwnGoals()) {
        cells.addAll(judged(ownGoal(row), ours(row)));
      }
      for (var rival : rivals()) {
        var ratio = ratio(row, rival);
        cells.add(median(row, rival));
        cells.add(ratio == null ? "" : String.format(Locale.ROOT, "%.2f", ratio));
        cells.addAll(judged(goal(row, rival), ratio));
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

  private List<String> header() {
    var header = new ArrayList<>(List.of("case", "figure", servers.getFirst()));
    if (hasOwnGoals()) {
      header.addAll(List.of("goal", ""));
    }
    rivals().forEach(rival -> header.addAll(List.of(rival, "ratio", "goal", "")));
    return header;
  }

  private List<String> rivals() {
    return servers.subList(1, servers.size());
  }

  private static List<String> judged(@Nullable Goal goal, @Nullable Double measured) {
    return goal == null || measured == null
        ? List.of("", "")
        : List.of(goal.toString(), goal.isMet(measured) ? "met" : "MISSED");
  }

  private String median(Row row, String server) {
    var values = values(row, server);
    return values.isEmpty() ? "–" : row.figure().format(Median.of(values));
  }

  private List<Double> values(Row row, String server) {
    return samples.getOrDefault(row, Map.of()).getOrDefault(server, List.of());
  }

  private @Nullable Double ours(Row row) {
    var values = values(row, servers.getFirst());
    return values.isEmpty() ? null : Median.of(values);
  }

  private @Nullable Double ratio(Row row, String rival) {
    var ours = ours(row);
    if (ours == null || values(row, rival).isEmpty()) {
      return null;
    }
    var theirs = Median.of(values(row, rival));
    return theirs == 0 ? null : ours / theirs;
  }

  private @Nullable Goal goal(Row row, String rival) {
    var goal = goal(row, Goal.Of.RATIO);
    return goal == null || yardstick.test(rival) ? goal : goal.ahead();
  }

  private static @Nullable Goal ownGoal(Row row) {
    return goal(row, Goal.Of.OURS);
  }

  private static @Nullable Goal goal(Row row, Goal.Of of) {
    var goal = row.about().goal();
    return goal != null && goal.figure() == row.figure() && goal.of() == of ? goal : null;
  }

  private boolean hasOwnGoals() {
    return samples.keySet().stream().anyMatch(row -> ownGoal(row) != null);
  }

  /** The same for programs, with every sample; with several rivals the ratio to each by name. */
  List<Map<String, Object>> facts() {
    var facts = new ArrayList<Map<String, Object>>();
    for (var entry : samples.entrySet()) {
      var row = entry.getKey();
      var fact = new LinkedHashMap<String, Object>();
      fact.put("case", row.about().name());
      fact.put("figure", row.figure().label());
      entry.getValue().forEach((server, values) -> fact.put(server, Median.of(values)));
      fact.put("samples", entry.getValue());
      judge(fact, ownGoal(row), ours(row));
      for (var rival : rivals()) {
        var ratio = ratio(row, rival);
        if (ratio != null) {
          var judged = new LinkedHashMap<String, Object>(Map.of("ratio", ratio));
          judge(judged, goal(row, rival), ratio);
          judged.forEach(
              rivals().size() == 1 ? fact::put : (k, v) -> fact.put(k + " to " + rival, v));
        }
      }
      facts.add(fact);
    }
    return facts;
  }

  private static void judge(
      Map<String, Object> fact, @Nullable Goal goal, @Nullable Double measured) {
    if (goal != null && measured != null) {
      fact.put("goal", goal.toString());
      fact.put("met", goal.isMet(measured));
    }
  }
}
