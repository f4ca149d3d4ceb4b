package io.sallyport.cli.enrolment;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The serial numbers that a manufacturer's manifest names, as CSV with a first line of columns or
 * as a JSON array; all of it is read before the first of them is sent.
 */
public final class SerialFile {
  /** Bound: the longest file; at 32 bytes a line, two million devices. */
  public static final int BYTES_MAX = 64 << 20;

  private static final Set<String> COLUMNS = Set.of("serial", "id", "type", "policy", "group");
  private static final String ATTRIBUTE = "attribute:";

  private final String name;

  private SerialFile(String name) {
    this.name = name;
  }

  /** Every row as the API takes it, or the first fault by line and column. */
  public static List<ObjectNode> read(InputFile file) {
    var reader = new SerialFile(file.name());
    return file.text().stripLeading().startsWith("[")
        ? reader.json(file.text())
        : reader.csv(file.text());
  }

  private List<ObjectNode> json(String text) {
    try {
      var rows = new ArrayList<ObjectNode>();
      for (var one : Json.mapper().readTree(text)) {
        if (!(one instanceof ObjectNode row) || !row.path("serial").isString()) {
          throw fault("each of the array is an object with a 'serial'");
        }
        rows.add(row);
      }
      return distinct(rows);
    } catch (JacksonException e) {
      throw fault("not JSON: " + e.getOriginalMessage());
    }
  }

  private List<ObjectNode> csv(String text) {
    try {
      var rows = Csv.parse(text);
      if (rows.isEmpty()) {
        throw fault("empty; its first line names the columns");
      }
      var columns = columns(rows.getFirst());
      var read = new ArrayList<ObjectNode>();
      for (var row : rows.subList(1, rows.size())) {
        read.add(row(columns, row));
      }
      return distinct(read);
    } catch (Csv.Malformed e) {
      throw Failure.badInput(name + ":" + e.getMessage());
    }
  }

  private List<String> columns(Csv.Row row) {
    var columns = row.cells().stream().map(cell -> cell.value().strip()).toList();
    for (var column : columns) {
      if (!COLUMNS.contains(column)
          && !(column.startsWith(ATTRIBUTE) && column.length() > ATTRIBUTE.length())) {
        throw fault(
            "'"
                + column
                + "' is no column; known are serial, id, type, policy, group,"
                + " attribute:NAME");
      }
    }
    if (!columns.contains("serial") || new HashSet<>(columns).size() < columns.size()) {
      throw fault("there is one column 'serial', and each other once at most");
    }
    return columns;
  }

  private ObjectNode row(List<String> columns, Csv.Row row) {
    if (row.cells().size() != columns.size()) {
      throw fault(
          row.line()
              + ": "
              + row.cells().size()
              + " cells where the first line names "
              + columns.size());
    }
    var json = Json.mapper().createObjectNode();
    for (int at = 0; at < columns.size(); at++) {
      var value = row.cells().get(at).value().strip();
      if (!value.isEmpty()) {
        put(json, columns.get(at), value);
      }
    }
    if (!json.has("serial")) {
      throw fault(row.line() + ": no serial number");
    }
    return json;
  }

  private static void put(ObjectNode json, String column, String value) {
    switch (column) {
      case "type" -> json.put("thingType", value);
      case "policy" -> {
        var policies = json.putArray("policies");
        for (var one : value.split(";", -1)) {
          policies.add(one.strip());
        }
      }
      case "serial", "id", "group" -> json.put(column, value);
      default -> attributes(json).put(column.substring(ATTRIBUTE.length()), value);
    }
  }

  private static ObjectNode attributes(ObjectNode json) {
    return json.path("attributes") instanceof ObjectNode there
        ? there
        : json.putObject("attributes");
  }

  private List<ObjectNode> distinct(List<ObjectNode> rows) {
    var seen = new HashSet<String>();
    for (JsonNode row : rows) {
      var serial = row.path("serial").asString();
      if (!seen.add(serial)) {
        throw fault("the serial number '" + serial + "' is there twice");
      }
    }
    return rows;
  }

  private Failure fault(String what) {
    return Failure.badInput(name + ": " + what);
  }
}
