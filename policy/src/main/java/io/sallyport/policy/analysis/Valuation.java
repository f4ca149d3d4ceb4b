package io.sallyport.policy.analysis;

import io.sallyport.policy.Mode;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.Subject;

/** What is known of the variables of a principal. */
@FunctionalInterface
public interface Valuation {
  /** What is known of one variable. */
  sealed interface Knowledge {}

  /** It has this value. */
  record Known(String value) implements Knowledge {}

  /** It has no value that may be put into a pattern. */
  record Missing() implements Knowledge {}

  /** It has one, but only the connection knows which. */
  record Unknown() implements Knowledge {}

  /** It is the name of the principal, and the question is which names there can be. */
  record Gap() implements Knowledge {}

  /** It is the id of somebody. */
  record AnyId() implements Knowledge {}

  /** It is this id, alone or followed by a colon and whatever: a client id. */
  record Extended(String id) implements Knowledge {}

  /** What is known of the variable of this name. */
  Knowledge of(String variable);

  /** A principal of which everything is known. */
  static Valuation of(Subject subject, Mode mode) {
    return variable -> {
      var value = StatementView.valueOf(variable, subject, mode);
      return value == null ? new Missing() : new Known(value);
    };
  }
}
