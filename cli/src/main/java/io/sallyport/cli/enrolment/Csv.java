package io.sallyport.cli.enrolment;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads comma-separated values as RFC 4180 writes them, and nothing else: our own because readers
 * of libraries forgive stray quotes, and a shifted cell would enrol another device than was meant.
 */
final class Csv {
  private final String text;
  private final List<Row> rows = new ArrayList<>();
  private int at;
  private int line = 1;
  private int lineStart;

  private Csv(String text) {
    this.text = text;
    // A byte order mark is no part of the first cell.
    this.at = text.startsWith("\ufeff") ? 1 : 0;
    this.lineStart = at;
  }

  /** A cell and where it begins; 1 is the first character of its line. */
  record Cell(String value, int column) {}

  /** The cells of one record and the line that it begins on. */
  record Row(int line, List<Cell> cells) {
    Row {
      cells = List.copyOf(cells);
    }
  }

  /** The text is not of that form. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(int line, int column, String what) {
      super(line + ":" + column + ": " + what);
    }
  }

  /** Every record of the text; blank lines are none. */
  static List<Row> parse(String text) throws Malformed {
    var csv = new Csv(text);
    while (csv.at < text.length()) {
      csv.row();
    }
    return csv.rows;
  }

  private void row() throws Malformed {
    var first = line;
    var cells = new ArrayList<Cell>();
    do {
      cells.add(cell());
    } while (skip(','));
    endLine();
    if (cells.size() > 1 || !cells.getFirst().value().isBlank()) {
      rows.add(new Row(first, cells));
    }
  }

  private Cell cell() throws Malformed {
    var column = column();
    return new Cell(skip('"') ? quoted(column) : bare(), column);
  }

  private String bare() throws Malformed {
    var begin = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      if (text.charAt(at) == '"') {
        throw malformed("a quote within a cell that does not begin with one");
      }
      at++;
    }
    return text.substring(begin, at);
  }

  private String quoted(int column) throws Malformed {
    var value = new StringBuilder();
    var opened = line;
    while (at < text.length()) {
      if (skip('"')) {
        if (!skip('"')) {
          return closed(value);
        }
        value.append('"');
      } else {
        value.append(text.charAt(at));
        if (text.charAt(at++) == '\n') {
          nextLine();
        }
      }
    }
    throw new Malformed(opened, column, "a quote that is never closed");
  }

  private String closed(StringBuilder value) throws Malformed {
    if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      throw malformed("text after the closing quote");
    }
    return value.toString();
  }

  private void endLine() throws Malformed {
    if (at == text.length()) {
      return;
    }
    skip('\r');
    if (!skip('\n')) {
      throw malformed("a carriage return without a line feed");
    }
    nextLine();
  }

  private void nextLine() {
    line++;
    lineStart = at;
  }

  private boolean skip(char expected) {
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private int column() {
    return at - lineStart + 1;
  }

  private Malformed malformed(String what) {
    return new Malformed(line, column(), what);
  }
}
