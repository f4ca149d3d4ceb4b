package io.sallyport.policy.analysis;

import io.sallyport.policy.StatementView;

/**
 * How a statement counts of which nobody knows here whether it will apply: because it has a
 * Condition, or because a variable has a value that only the connection knows. The one place where
 * analysis thinks about either.
 */
public enum Certainty {
  /** What may be allowed at some time: a doubtful Allow counts, a doubtful Deny does not. */
  POSSIBLE,
  /** What is allowed at all times: a doubtful Deny counts, a doubtful Allow does not. */
  CERTAIN;

  /** Whether a statement counts at all. */
  boolean counts(StatementView statement) {
    return !statement.conditional() || statement.allows() == (this == POSSIBLE);
  }

  /** Whether a pattern with an unknown value stands for all that it could match, else for none. */
  boolean widens(StatementView statement) {
    return (statement.allows() != statement.excluding()) == (this == POSSIBLE);
  }
}
