package io.sallyport.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Facts in aligned columns: words to the left, numbers to the right. */
public final class Table {
  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  private record Column(String title, boolean number) {}

  private Table(List<Column> columns) {
    this.columns = columns;
  }

  /** A table of those columns; a title that begins with {@code #} is a column of numbers. */
  public static Table of(String... titles) {
    var columns = new ArrayList<Column>();
    for (var title : titles) {
      var number = title.startsWith("#");
      columns.add(new Column(number ? title.substring(1) : title, number));
    }
    return new Table(List.copyOf(columns));
  }

  /** Adds a row with a cell for each column. */
  public void row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException("a row needs a cell for each column");
    }
    rows.add(List.of(cells).stream().map(PlainText::line).toList());
  }

  /** Prints the heading and every row. */
  public void print(Terminal terminal) {
    var widths = widths();
    var titles = columns.stream().map(Column::title).toList();
    terminal.out().println(terminal.paint(Colour.HEADING, aligned(titles, widths)));
    for (var row : rows) {
      terminal.out().println(aligned(row, widths));
    }
  }

  private int[] widths() {
    var widths = new int[columns.size()];
    for (var i = 0; i < widths.length; i++) {
      widths[i] = width(columns.get(i).title());
      for (var row : rows) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    return widths;
  }

  private String aligned(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (var i = 0; i < widths.length; i++) {
      var cell = cells.get(i);
      var padding = " ".repeat(widths[i] - width(cell));
      line.append(columns.get(i).number() ? padding + cell : cell + padding).append(GAP);
    }
    return line.toString().stripTrailing();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
