package io.sallyport.cli.enrolment;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Any text is rows that are the same when they are written and read again, or a refusal. */
class CsvFuzz {
  @FuzzTest
  void everyTextIsRowsOrRefused(byte[] bytes) {
    List<List<String>> rows;
    try {
      rows = values(new String(bytes, StandardCharsets.UTF_8));
    } catch (Csv.Malformed e) {
      if (!String.valueOf(e.getMessage()).matches("(?s)\\d+:\\d+: .+")) {
        throw new AssertionError("a refusal without its place", e);
      }
      return;
    }
    try {
      var again = values(rows.stream().map(CsvFuzz::written).collect(Collectors.joining()));
      if (!again.equals(rows)) {
        throw new AssertionError(rows + " became " + again);
      }
    } catch (Csv.Malformed e) {
      throw new AssertionError("what was read cannot be written", e);
    }
  }

  private static List<List<String>> values(String text) throws Csv.Malformed {
    return Csv.parse(text).stream()
        .map(row -> row.cells().stream().map(Csv.Cell::value).toList())
        .toList();
  }

  private static String written(List<String> cells) {
    return cells.stream()
            .map(cell -> '"' + cell.replace("\"", "\"\"") + '"')
            .collect(Collectors.joining(","))
        + "\r\n";
  }
}
