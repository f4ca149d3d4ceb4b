package io.sallyport.cli.enrolment;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The devices that a file names, all of it checked before the first of them is enrolled. */
public final class FleetFile {
  /** Bound: the longest file; at 32 bytes a line, two million devices. */
  public static final int BYTES_MAX = 64 << 20;

  private static final String ATTRIBUTE = "attribute:";
  private static final String POLICY_SEPARATOR = ";";

  private final String name;
  private final List<String> columns = new ArrayList<>();
  private final Map<PrincipalId, Integer> lines = new HashMap<>();

  private FleetFile(String name) {
    this.name = name;
  }

  /** A device to enrol. */
  public record Entry(int line, Applicant applicant, Wishes.Line wishes) {}

  /** Every device of the file, or the first fault in it by line and column. */
  public static List<Entry> read(InputFile file) {
    var fleet = new FleetFile(file.name());
    try {
      var rows = Csv.parse(file.text());
      if (rows.isEmpty()) {
        throw Failure.badInput(file.name() + ": empty; its first line names the columns");
      }
      fleet.header(rows.getFirst());
      var entries = new ArrayList<Entry>();
      for (var row : rows.subList(1, rows.size())) {
        entries.add(fleet.entry(row));
      }
      return entries;
    } catch (Csv.Malformed e) {
      throw Failure.badInput(file.name() + ":" + e.getMessage());
    }
  }

  private void header(Csv.Row row) {
    var seen = new HashSet<String>();
    for (var cell : row.cells()) {
      var column = cell.value().strip();
      var known =
          List.of("id", "type", "policy").contains(column)
              || (column.startsWith(ATTRIBUTE) && column.length() > ATTRIBUTE.length());
      if (!known) {
        throw fault(
            row, cell, "'" + column + "' is no column; known are id, type, policy, attribute:NAME");
      }
      if (!seen.add(column)) {
        throw fault(row, cell, "the column '" + column + "' is there twice");
      }
      columns.add(column);
    }
    if (!seen.contains("id")) {
      throw fault(row, row.cells().getFirst(), "there is no column 'id'");
    }
  }

  private Entry entry(Csv.Row row) {
    if (row.cells().size() != columns.size()) {
      throw fault(
          row,
          row.cells().getLast(),
          row.cells().size() + " cells where the first line names " + columns.size());
    }
    @Nullable PrincipalId id = null;
    @Nullable String type = null;
    var attributes = new HashMap<String, String>();
    var policies = List.<String>of();
    for (var i = 0; i < columns.size(); i++) {
      var cell = row.cells().get(i);
      var value = cell.value().strip();
      requirePrintable(row, cell);
      switch (columns.get(i)) {
        case "id" -> id = id(row, cell, value);
        case "type" -> type = value.isEmpty() ? null : value;
        case "policy" -> policies = policies(row, cell, value);
        case String attribute when !value.isEmpty() ->
            attributes.put(attribute.substring(ATTRIBUTE.length()), value);
        default -> {}
      }
    }
    if (id == null) {
      throw new IllegalStateException("every file has a column of ids");
    }
    var applicant = new Applicant(PrincipalKind.DEVICE, id);
    return new Entry(row.line(), applicant, new Wishes.Line(type, attributes, policies));
  }

  private PrincipalId id(Csv.Row row, Csv.Cell cell, String value) {
    if (!PrincipalId.isCertifiable(value)) {
      throw fault(
          row, cell, "'" + value + "' is no id; one has 1 to 64 characters of A-Z a-z 0-9 : _ -");
    }
    var id = new PrincipalId(value);
    var earlier = lines.putIfAbsent(id, row.line());
    if (earlier != null) {
      throw fault(row, cell, "'" + value + "' is there already, on line " + earlier);
    }
    return id;
  }

  private List<String> policies(Csv.Row row, Csv.Cell cell, String value) {
    if (value.isEmpty()) {
      return List.of();
    }
    var policies = List.of(value.split(POLICY_SEPARATOR, -1)).stream().map(String::strip).toList();
    if (policies.contains("")) {
      throw fault(row, cell, "an empty name among policies that are separated by ;");
    }
    return policies;
  }

  private void requirePrintable(Csv.Row row, Csv.Cell cell) {
    if (cell.value().codePoints().anyMatch(Character::isISOControl)) {
      throw fault(row, cell, "a control character");
    }
  }

  private Failure fault(Csv.Row row, Csv.Cell cell, String what) {
    return Failure.badInput(name + ":" + row.line() + ":" + cell.column() + ": " + what);
  }
}
