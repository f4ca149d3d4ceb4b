package io.sallyport.bench;

import java.util.ArrayList;
import java.util.List;

/** Aligned columns: words to the left, numbers to the right. */
final class TextTable {
  private static final int WORD_COLUMNS = 2;

  private final List<List<String>> rows = new ArrayList<>();

  void row(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (var column = 0; column < row.size(); column++) {
        line.append(column == 0 ? "" : "  ").append(aligned(row.get(column), column));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private String aligned(String cell, int column) {
    var blanks = " ".repeat(width(column) - cell.length());
    return column < WORD_COLUMNS ? cell + blanks : blanks + cell;
  }

  private int width(int column) {
    return rows.stream()
        .filter(row -> column < row.size())
        .mapToInt(row -> row.get(column).length())
        .max()
        .orElse(0);
  }
}
