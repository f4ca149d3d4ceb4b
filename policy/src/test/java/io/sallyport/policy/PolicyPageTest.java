package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.condition.Operator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/policy.md shows is what happens. */
class PolicyPageTest {
  private static final Pattern BLOCK = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
  private static final Pattern ROW =
      Pattern.compile("\\| (iot:\\w+) \\| `([^`]+)` \\| (allow|deny) \\|");

  @Test
  void everyDocumentOfThePageDecidesAsItsTableSays() throws Exception {
    var page = page();
    var block = BLOCK.matcher(page);
    int rows = 0;
    while (block.find() && !block.group(1).contains("\"vectors\"")) {
      var set = Example.set(PolicyDocument.parse(block.group(1)));
      int next = page.indexOf("```", block.end());
      var row = ROW.matcher(page.substring(block.end(), next));
      while (row.find()) {
        var name = row.group(2);
        var action =
            List.of(Action.values()).stream()
                .filter(one -> one.word().equals(row.group(1)))
                .findFirst()
                .orElseThrow();
        assertThat(Example.allows(set, Example.device("lamp-1"), action, name))
            .as(row.group())
            .isEqualTo(row.group(3).equals("allow"));
        rows++;
      }
    }
    assertThat(rows).isEqualTo(17);
  }

  @Test
  void thePageNamesEveryOperatorAndKey() throws IOException {
    var page = page();
    for (var operator : Operator.values()) {
      assertThat(page).contains("`" + operator.word() + "`");
    }
    for (var key : ConditionKey.Source.values()) {
      var word = new ConditionKey(key, "", 0).word();
      assertThat(page).contains(word.substring(word.lastIndexOf('.') + 1).replaceAll("\\W*$", ""));
    }
  }

  @Test
  void theVectorFileOfThePagePasses() throws Exception {
    var block = BLOCK.matcher(page()).results().toList().getLast();
    var report = PolicyVectors.run(block.group(1));
    assertThat(report.failures()).isEmpty();
    assertThat(report.passed()).isEqualTo(2);
  }

  @Test
  void thePageStatesTheBoundsThatHold() throws IOException {
    assertThat(page())
        .contains("at most %d policies".formatted(PolicySet.POLICIES_MAX))
        .contains("more than 131 072 bytes")
        .contains("1 024 characters")
        .contains("names of up to %d bytes".formatted(Memo.NAME_LENGTH_MAX))
        .contains("up to %d while it is missed".formatted(Memo.NAMES_MAX));
    assertThat(PolicyDocument.BYTES_MAX).isEqualTo(131_072);
    assertThat(ResourcePattern.LENGTH_MAX).isEqualTo(1_024);
    assertThat(Memo.NAMES_MIN).isEqualTo(4);
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("..", "docs", "policy.md"));
  }
}
