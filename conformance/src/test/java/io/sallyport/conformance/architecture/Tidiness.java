package io.sallyport.conformance.architecture;

import io.sallyport.conformance.architecture.SourceTree.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a source file may not be or contain; each rule answers with its offenders. */
final class Tidiness {
  /** Bound: a longer file does more than one thing. */
  static final int LINES_MAX = 500;

  // Written in halves, or this file would break its own rule.
  private static final String UNDONE = "TO" + "DO";
  private static final Pattern CONSOLE = Pattern.compile("\\bSystem\\.(out|err)\\b");
  private static final Pattern REGISTRY =
      Pattern.compile(
          "\\b(repo\\d?|registry|packages|plugins|pypi|proxy|central)\\.[a-z.]+\\.(org|com|io|net|dev)\\b");
  private static final Pattern MACHINE =
      Pattern.compile("(?<![\\w.$}-])/(work|root|home/\\w+|Users/\\w+)/\\w");
  private static final Pattern NAMED_TEST = Pattern.compile("\\b([A-Z]\\w+)#(\\w+)");

  private Tidiness() {}

  static List<String> tooLong(List<Source> tree) {
    return tree.stream()
        .filter(source -> source.isJava() && source.lines().size() > LINES_MAX)
        .map(source -> source.path() + ": " + source.lines().size() + " lines")
        .toList();
  }

  static List<String> undone(List<Source> tree) {
    return lines(tree, source -> true, Pattern.compile("\\b" + UNDONE + "\\b"));
  }

  static List<String> talksToTheConsole(List<Source> tree) {
    var speakers = Set.of("cli", "app", "bench", "microbench", "brokers", "build");
    return lines(
        tree,
        source -> source.isJava() && !source.isTest() && !speakers.contains(source.module()),
        CONSOLE);
  }

  static List<String> namesARegistryOrAMachine(List<Source> tree) {
    var found = new ArrayList<>(lines(tree, source -> true, REGISTRY));
    found.addAll(lines(tree, source -> true, MACHINE));
    return found;
  }

  /** Packages without a package-info that is {@code @NullMarked}. */
  static List<String> withoutNullMark(List<Source> tree) {
    var java = tree.stream().filter(s -> s.isJava() && s.path().contains("/src/")).toList();
    var marked =
        java.stream()
            .filter(
                s -> s.path().endsWith("/package-info.java") && s.text().contains("@NullMarked"))
            .map(Tidiness::packageOf)
            .collect(Collectors.toSet());
    return java.stream()
        .map(Tidiness::packageOf)
        .distinct()
        .filter(name -> !marked.contains(name))
        .sorted()
        .toList();
  }

  /** Tests that a document names and that do not exist. */
  static List<String> promisedTestsThatAreMissing(String document, List<Source> tree) {
    var missing = new ArrayList<String>();
    var named = NAMED_TEST.matcher(document);
    while (named.find()) {
      var method = Pattern.compile("\\s" + named.group(2) + "\\(");
      var file = "/" + named.group(1) + ".java";
      var exists =
          tree.stream()
              .filter(source -> source.isTest() && source.path().endsWith(file))
              .anyMatch(source -> method.matcher(source.text()).find());
      if (!exists) {
        missing.add(named.group());
      }
    }
    return missing;
  }

  /** How many tests a document names. */
  static long promisedTests(String document) {
    return NAMED_TEST.matcher(document).results().count();
  }

  private static String packageOf(Source source) {
    var path = source.path().replaceFirst("/src/(main|test)/java/", ":");
    var end = path.lastIndexOf('/');
    return end < 0 ? path : path.substring(0, end);
  }

  private static List<String> lines(List<Source> tree, Predicate<Source> which, Pattern what) {
    var found = new ArrayList<String>();
    for (var source : tree) {
      if (which.test(source)) {
        var number = 0;
        for (var line : source.lines()) {
          number++;
          if (what.matcher(line).find()) {
            found.add(source.path() + ":" + number + ": " + line.strip());
          }
        }
      }
    }
    return found;
  }
}
