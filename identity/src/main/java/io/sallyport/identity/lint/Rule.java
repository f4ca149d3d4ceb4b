package io.sallyport.identity.lint;

import io.sallyport.identity.lint.Finding.Severity;
import java.util.List;
import java.util.stream.Stream;

/**
 * One thing that a certificate must be.
 *
 * @param name its source and a word, as in {@code rfc5280-4.1.2.5-utctime}
 * @param source the section that asks for it
 * @param what what must hold, in one clause
 * @param <T> what is looked at
 */
public record Rule<T>(String name, Severity severity, String source, String what, Check<T> check) {

  /** Looks at one thing. */
  @FunctionalInterface
  public interface Check<T> {
    /** What was found instead, once for each breach; nothing if it holds. */
    Stream<String> breaches(T subject);
  }

  /** A rule that must hold. */
  public static <T> Rule<T> must(String name, String source, String what, Check<T> check) {
    return new Rule<>(name, Severity.ERROR, source, what, check);
  }

  /** A rule that should hold. */
  public static <T> Rule<T> should(String name, String source, String what, Check<T> check) {
    return new Rule<>(name, Severity.WARNING, source, what, check);
  }

  /** The breaches of all of these rules. */
  public static <T> List<Finding> apply(List<Rule<T>> rules, T subject) {
    return rules.stream().flatMap(rule -> rule.findings(subject)).toList();
  }

  private Stream<Finding> findings(T subject) {
    List<String> breaches;
    try {
      breaches = check.breaches(subject).toList();
    } catch (RuntimeException e) {
      // Fail closed: what the rule asks about cannot be read.
      breaches = List.of("cannot be read");
    }
    return breaches.stream().map(breach -> new Finding(name, severity, source, breach));
  }

  /** A breach where a condition holds. */
  public static Stream<String> when(boolean broken, String breach) {
    return broken ? Stream.of(breach) : Stream.empty();
  }
}
