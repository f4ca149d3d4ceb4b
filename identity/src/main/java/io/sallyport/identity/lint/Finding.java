package io.sallyport.identity.lint;

import java.util.Locale;

/**
 * One rule that a certificate breaks.
 *
 * @param rule the name by which docs/pki-lint.md explains it
 * @param source the section that asks for it
 * @param detail what was found instead
 */
public record Finding(String rule, Severity severity, String source, String detail) {
  /** What a finding means. */
  public enum Severity {
    /** Never signed. */
    ERROR,
    /** Against a recommendation. */
    WARNING;

    /** The lower-case word for JSON and tables. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether it must not be signed. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }
}
