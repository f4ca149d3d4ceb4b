package io.sallyport.policy.mosquitto;

import java.util.Set;

/**
 * One rule of an ACL file.
 *
 * @param number its line, from 1
 * @param text the line as written, without the blanks around it
 * @param scope whom it applies to
 * @param grants what it allows; nothing for a line that denies
 * @param filter its topic filter
 */
record AclLine(int number, String text, Scope scope, Set<Access> grants, String filter) {
  /** Whom a line applies to. */
  sealed interface Scope {
    /** Clients without a user name: the lines before the first {@code user}. */
    record Anonymous() implements Scope {}

    /** The clients of one user name. */
    record User(String name) implements Scope {}

    /** Every client. */
    record Everybody() implements Scope {}
  }

  AclLine {
    grants = Set.copyOf(grants);
  }

  boolean denies() {
    return grants.isEmpty();
  }

  boolean isPattern() {
    return scope instanceof Scope.Everybody;
  }

  boolean holds(String variable) {
    return filter.contains(variable);
  }

  /** Whether the broker fills something in. */
  boolean isVariable() {
    return isPattern() && (holds("%c") || holds("%u"));
  }
}
