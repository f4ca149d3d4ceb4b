package io.sallyport.bench.drawing;

import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lines over logarithmic axes, so that growth by a factor is a slope; several panels in a row. */
public final class LogLogChart {
  /** One measured value; both must be above zero to have a place. */
  public record Point(double across, double up) {
    boolean hasPlace() {
      return across > 0 && up > 0 && Double.isFinite(up);
    }
  }

  /** What one server has. */
  public record Line(String name, List<Point> points) {
    public Line {
      points = points.stream().filter(Point::hasPlace).toList();
    }
  }

  /**
   * One pair of axes.
   *
   * @param marks what the horizontal axis is marked with, and where
   */
  public record Panel(String up, String across, SortedMap<Double, String> marks, List<Line> lines) {
    public Panel {
      marks = new TreeMap<>(marks);
      lines = List.copyOf(lines);
    }

    private Stream<Point> points() {
      return lines.stream().flatMap(line -> line.points().stream());
    }
  }

  private static final int PANEL_WIDTH = 560;
  private static final int HEIGHT = 360;
  private static final int LEFT = 64;
  private static final int RIGHT = 24;
  private static final int TOP = 64;
  private static final int BOTTOM = 52;
  private static final int RADIUS = 4;
  private static final int LETTER = 7;
  private static final double ROOM = 1.4;
  private static final double ROOM_FOR_FIGURES = 1.8;
  private static final List<Integer> STEPS = List.of(1, 2, 5);
  private static final String STYLE =
      "text{fill:#1c1c1c;font-size:12px;text-anchor:middle}.h{font-size:15px;font-weight:bold;"
          + "text-anchor:start}.k{text-anchor:start}.t{text-anchor:end}.g{stroke:#dcdad2}"
          + ".a{stroke:#555}.l0{stroke:#17745a;stroke-width:2}.l1{stroke:#b9480f;stroke-width:2;"
          + "stroke-dasharray:7 4}.l2{stroke:#3b5fa8;stroke-width:2;stroke-dasharray:2 4}"
          + ".p0{fill:#17745a}.p1{fill:#b9480f}.p2{fill:#3b5fa8}";
  private static final int STYLES = 3;

  private final String title;
  private final List<Panel> panels;

  public LogLogChart(String title, List<Panel> panels) {
    this.title = title;
    this.panels = List.copyOf(panels);
  }

  /** The picture. */
  public String svg() {
    var svg = new Svg(PANEL_WIDTH * panels.size(), HEIGHT, STYLE);
    svg.text("h", 16, 24, title);
    for (var i = 0; i < panels.size(); i++) {
      new Drawing(svg, panels.get(i), PANEL_WIDTH * i).draw();
    }
    return svg.document();
  }

  /** One panel on its way into the picture. */
  private static final class Drawing {
    private final Svg svg;
    private final Panel panel;
    private final Axis across;
    private final Axis up;

    Drawing(Svg svg, Panel panel, int offset) {
      this.svg = svg;
      this.panel = panel;
      this.across =
          Axis.around(
              Stream.concat(panel.marks().keySet().stream(), values(Point::across)),
              ROOM,
              offset + LEFT,
              offset + PANEL_WIDTH - RIGHT);
      this.up = Axis.stepsAround(values(Point::up), HEIGHT - BOTTOM, TOP);
    }

    private Stream<Double> values(ToDoubleFunction<Point> value) {
      return panel.points().map(value::applyAsDouble);
    }

    void draw() {
      grid();
      var legend = across.begin;
      for (var i = 0; i < panel.lines().size(); i++) {
        var line = panel.lines().get(i);
        var style = Integer.toString(i % STYLES);
        svg.line("l" + style, legend, TOP - 20, legend + 28, TOP - 20);
        svg.text("k", legend + 34, TOP - 16, line.name());
        legend += 52 + line.name().length() * LETTER;
        connect(line, "l" + style);
        line.points().forEach(point -> mark(line, point, "p" + style));
      }
    }

    private void grid() {
      for (var value : up.steps()) {
        var y = up.place(value);
        svg.line("g", across.begin, y, across.end, y);
        svg.text("t", across.begin - 6, y + 4, shortest(value));
      }
      panel
          .marks()
          .forEach(
              (value, label) -> {
                var x = across.place(value);
                svg.line("g", x, up.begin, x, up.end);
                svg.text("", x, up.begin + 18, label);
              });
      svg.line("a", across.begin, up.begin, across.end, up.begin);
      svg.line("a", across.begin, up.begin, across.begin, up.end);
      svg.text("", (across.begin + across.end) / 2, HEIGHT - 12, panel.across());
      svg.upwards("", across.begin - LEFT + 16, (up.begin + up.end) / 2, panel.up());
    }

    private void connect(Line line, String style) {
      for (var i = 1; i < line.points().size(); i++) {
        var from = line.points().get(i - 1);
        var to = line.points().get(i);
        svg.line(
            style,
            across.place(from.across()),
            up.place(from.up()),
            across.place(to.across()),
            up.place(to.up()));
      }
    }

    /** The figure stands on the side where the other line is not. */
    private void mark(Line line, Point point, String style) {
      var x = across.place(point.across());
      var y = up.place(point.up());
      var others = panel.lines().stream().filter(other -> !other.equals(line));
      var isBelow =
          others
              .flatMap(other -> other.points().stream())
              .anyMatch(other -> other.across() == point.across() && other.up() > point.up());
      svg.group(line.name() + ": " + shortest(point.up()));
      svg.circle(style, x, y, RADIUS);
      svg.text("", x, isBelow ? y + 18 : y - 9, shortest(point.up()));
      svg.endGroup();
    }
  }

  /** A logarithmic axis between two values and two places. */
  private record Axis(double from, double to, double begin, double end) {
    static Axis around(Stream<Double> values, double room, double begin, double end) {
      var sorted = values.sorted().toList();
      if (sorted.isEmpty()) {
        return new Axis(1, 10, begin, end);
      }
      // Room at both ends, and an extent even for one value.
      return new Axis(sorted.getFirst() / room, sorted.getLast() * room, begin, end);
    }

    /** Begins and ends at a round number. */
    static Axis stepsAround(Stream<Double> values, double begin, double end) {
      var tight = around(values, ROOM_FOR_FIGURES, begin, end);
      var from = Math.pow(10, Math.floor(Math.log10(tight.from)));
      var to = Math.pow(10, Math.ceil(Math.log10(tight.to)));
      var steps = new Axis(from, to, begin, end).steps();
      var below = steps.stream().filter(step -> step <= tight.from).toList();
      var above = steps.stream().filter(step -> step >= tight.to).toList();
      return new Axis(below.getLast(), above.getFirst(), begin, end);
    }

    double place(double value) {
      return begin + (end - begin) * Math.log(value / from) / Math.log(to / from);
    }

    /** 1, 2, 5, 10 and so on, as far as they are on the axis. */
    List<Double> steps() {
      var low = (int) Math.floor(Math.log10(from));
      var high = (int) Math.ceil(Math.log10(to));
      return IntStream.rangeClosed(low, high)
          .boxed()
          .flatMap(decade -> STEPS.stream().map(step -> step * Math.pow(10, decade)))
          .filter(value -> value >= from * 0.999 && value <= to * 1.001)
          .toList();
    }
  }

  /** Three figures at most. */
  static String shortest(double value) {
    var decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 1 : 2;
    var text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
