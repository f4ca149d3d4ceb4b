package io.sallyport.policy.analysis;

import io.sallyport.policy.StatementRef;
import java.util.List;

/**
 * Something about a policy that its author should look at.
 *
 * @param id the check, as in docs/policy-analysis.md
 * @param at the statements that it comes from; none where it comes from the whole policy
 * @param message what is wrong, with an example
 * @param remedy what to do about it
 */
public record Finding(
    String id, Severity severity, List<StatementRef> at, String message, String remedy) {

  /** How bad it is, and what it takes off the score. */
  public enum Severity {
    /** Somebody can do what nobody meant. */
    ERROR(25),
    /** A trap, or text that does nothing. */
    WARNING(8),
    /** Worth a look. */
    INFO(2);

    private final int points;

    Severity(int points) {
      this.points = points;
    }

    /** What one such finding takes off 100. */
    public int points() {
      return points;
    }
  }
}
