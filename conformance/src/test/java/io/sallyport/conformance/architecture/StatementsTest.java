package io.sallyport.conformance.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every numbered statement of both specifications is accounted for in docs/conformance.md. */
class StatementsTest {
  private static final Pattern ROW = Pattern.compile("^\\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");
  private static final Pattern NUMBER = Pattern.compile("(?:(\\d+(?:\\.\\d+)+))?-(\\d+)|to");
  private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

  /** How many statements each section of MQTT 5 has; 2.2.1 has no first one. */
  private static final String VERSION_5 =
      """
      1.5.4:3 1.5.5:1 1.5.7:1 2.1.3:1 2.2.1:6 2.2.2:1 3.1.0:2 3.1.2:30 3.1.3:12 3.1.4:6 3.2.0:2
      3.2.2:22 3.3.1:13 3.3.2:20 3.3.4:10 3.4.2:3 3.5.2:3 3.6.1:1 3.6.2:3 3.7.2:3 3.8.1:1 3.8.3:5
      3.8.4:8 3.9.2:2 3.9.3:2 3.10.1:1 3.10.3:2 3.10.4:6 3.11.2:2 3.11.3:2 3.12.4:1 3.14.0:1
      3.14.1:1 3.14.2:4 3.14.4:3 3.15.1:1 3.15.2:3 4.1.0:2 4.2.0:1 4.3.1:1 4.3.2:5 4.3.3:13 4.4.0:2
      4.5.0:2 4.6.0:6 4.7.0:1 4.7.1:2 4.7.2:1 4.7.3:4 4.8.2:6 4.9.0:3 4.12.0:7 4.12.1:2 4.13.1:1
      4.13.2:1 6.0.0:4
      """;

  private static final String VERSION_3 =
      """
      1.5.3:3 2.2.2:2 2.3.1:7 3.1.0:2 3.1.2:24 3.1.3:11 3.1.4:5 3.2.0:1 3.2.2:6 3.3.1:12 3.3.2:3
      3.3.4:1 3.3.5:2 3.6.1:1 3.8.1:1 3.8.3:4 3.8.4:6 3.9.3:2 3.10.1:1 3.10.3:2 3.10.4:6 3.12.4:1
      3.14.1:1 3.14.4:3 4.1.0:2 4.3.1:1 4.3.2:2 4.3.3:2 4.4.0:1 4.5.0:2 4.6.0:6 4.7.1:3 4.7.2:1
      4.7.3:4 4.8.0:2 6.0.0:4 7.0.0:2 7.1.1:1 7.1.2:1
      """;

  private record Row(List<String> version5, List<String> version3, String holder) {}

  private static final Map<String, String> SOURCES = sources();
  private static final List<Row> ROWS = rows();

  @Test
  void everyStatementIsThere() {
    var five = numbers(VERSION_5);
    five.remove("2.2.1-1");
    assertThat(ROWS.stream().flatMap(row -> row.version5().stream()).distinct())
        .containsExactlyInAnyOrderElementsOf(five);
    assertThat(ROWS.stream().flatMap(row -> row.version3().stream()).distinct())
        .containsExactlyInAnyOrderElementsOf(numbers(VERSION_3));
  }

  @Test
  void theDocumentCountsThem() {
    var five = numbers(VERSION_5).size() - 1;
    var three = numbers(VERSION_3).size();
    var unheld = ROWS.stream().filter(row -> !row.holder().contains("`")).toList();
    assertThat(document())
        .contains("MQTT 5 has %d numbered statements, MQTT 3.1.1 has %d".formatted(five, three))
        .contains(
            "%d and %d of them are asked"
                .formatted(
                    five - unheld.stream().mapToInt(row -> row.version5().size()).sum(),
                    three - unheld.stream().mapToInt(row -> row.version3().size()).sum()));
  }

  /** A statement that is held is in the name of its test. */
  @Test
  void everyTestIsNamedByItsNumbers() {
    for (var row : ROWS) {
      var test = TEST.matcher(row.holder());
      if (test.matches()) {
        var name = nameOf(test.group(1), test.group(2));
        if (!row.version5().isEmpty()) {
          assertThat(statements(name)).as(row.holder()).containsAll(row.version5());
        } else if (name.endsWith(" of 3.1.1")) {
          assertThat(statements(name)).as(row.holder()).containsAll(row.version3());
        }
      } else {
        assertThat(row.holder()).doesNotContain("`");
      }
    }
  }

  @Test
  void listsAreReadAsTheyAreMeant() {
    assertThat(statements("3.1.2-9, -16 to -18, 3.1.3-1 and -4"))
        .containsExactly("3.1.2-9", "3.1.2-16", "3.1.2-17", "3.1.2-18", "3.1.3-1", "3.1.3-4");
    assertThat(statements("–")).isEmpty();
  }

  /** The display name of a test, up to its colon. */
  private static String nameOf(String type, String method) {
    var source = SOURCES.get(type);
    assertThat(source).as("the source of " + type).isNotNull();
    var at = String.valueOf(source).indexOf(" " + method + "(");
    assertThat(at).as(type + "#" + method).isPositive();
    var before = String.valueOf(source).substring(0, at);
    var name = before.substring(Math.max(0, before.lastIndexOf("@DisplayName(")));
    return name.substring(0, Math.max(0, name.indexOf(": "))).replace("MQTT-", "");
  }

  private static List<Row> rows() {
    return document()
        .lines()
        .map(ROW::matcher)
        .filter(row -> row.matches() && !row.group(1).equals("MQTT 5"))
        .filter(row -> !row.group(1).startsWith("-"))
        .map(row -> new Row(statements(row.group(1)), statements(row.group(2)), row.group(3)))
        .filter(row -> !row.version5().isEmpty() || !row.version3().isEmpty())
        .toList();
  }

  private static String document() {
    return SourceTree.ofThisBuild().sources().stream()
        .filter(source -> source.path().equals("docs/conformance.md"))
        .findFirst()
        .orElseThrow()
        .text();
  }

  private static Map<String, String> sources() {
    var sources = new TreeMap<String, String>();
    for (var source : SourceTree.ofThisBuild().sources()) {
      if (source.isTest() && source.path().endsWith("Test.java")) {
        var name = source.path().substring(source.path().lastIndexOf('/') + 1);
        // Two modules may have a test of the same name: those of this package come first.
        sources.merge(
            name.replace(".java", ""),
            source.text(),
            (one, other) ->
                other.contains("package io.sallyport.conformance.normative;") ? other : one);
      }
    }
    return sources;
  }

  /** The numbers in a list such as {@code 3.1.2-9, -16 to -19}. */
  private static List<String> statements(String list) {
    var found = new ArrayList<String>();
    var section = "";
    var last = 0;
    var range = false;
    var number = NUMBER.matcher(list);
    while (number.find()) {
      if (number.group().equals("to")) {
        range = true;
        continue;
      }
      if (number.group(1) != null) {
        section = number.group(1);
      }
      var next = Integer.parseInt(number.group(2));
      var first = range ? last + 1 : next;
      for (var each = first; each <= next; each++) {
        found.add(section + "-" + each);
      }
      last = next;
      range = false;
    }
    return found;
  }

  private static List<String> numbers(String sections) {
    var all = new ArrayList<String>();
    for (var section : sections.strip().split("\\s+", -1)) {
      var parts = section.split(":", -1);
      IntStream.rangeClosed(1, Integer.parseInt(parts[1]))
          .forEach(number -> all.add(parts[0] + "-" + number));
    }
    return all;
  }
}
