package io.sallyport.conformance.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.architecture.SourceTree.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The source tree is tidy, and each tidiness rule is able to fail. */
class TidyTest {
  private static final List<Source> TREE = SourceTree.ofThisBuild().sources();

  @Test
  void seesTheWholeTree() {
    assertThat(TREE).extracting(Source::path).contains("pom.xml", "build/Format.java");
    assertThat(TREE).hasSizeGreaterThan(60);
  }

  @Test
  void noFileIsTooLong() {
    assertThat(Tidiness.tooLong(TREE)).isEmpty();
  }

  @Test
  void nothingIsLeftUndone() {
    assertThat(Tidiness.undone(TREE)).isEmpty();
  }

  @Test
  void onlyTheOperatorsHandTalksToTheConsole() {
    assertThat(Tidiness.talksToTheConsole(TREE)).isEmpty();
  }

  @Test
  void nothingNamesARegistryOrAMachine() {
    assertThat(Tidiness.namesARegistryOrAMachine(TREE)).isEmpty();
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(Tidiness.withoutNullMark(TREE)).isEmpty();
  }

  /** A defence without its test is a claim. */
  @Test
  void everyTestThatTheThreatModelNamesExists() {
    var threats =
        TREE.stream()
            .filter(source -> source.path().equals("THREATS.md"))
            .findFirst()
            .orElseThrow();

    assertThat(Tidiness.promisedTests(threats.text())).isPositive();
    assertThat(Tidiness.promisedTestsThatAreMissing(threats.text(), TREE)).isEmpty();
  }

  @Test
  void eachRuleIsAbleToFail() {
    var where = "gateway/src/main/java/io/sallyport/gateway/Planted.java";
    var long501 = new Source(where, "\n".repeat(501));
    var undone = new Source("README.md", "TO" + "DO: later");
    var console = new Source(where, "System.out.println();");
    var registry = new Source("pom.xml", "https://registry" + ".planted.example.org/x");
    var machine = new Source("README.md", "see /home" + "/somebody/notes");

    assertThat(Tidiness.tooLong(List.of(long501))).hasSize(1);
    assertThat(Tidiness.undone(List.of(undone))).hasSize(1);
    assertThat(Tidiness.talksToTheConsole(List.of(console))).hasSize(1);
    assertThat(Tidiness.namesARegistryOrAMachine(List.of(registry, machine))).hasSize(2);
    assertThat(Tidiness.withoutNullMark(List.of(console))).hasSize(1);
    assertThat(Tidiness.promisedTestsThatAreMissing("held by `GateTest#refusesAll`", TREE))
        .containsExactly("GateTest#refusesAll");
  }
}
