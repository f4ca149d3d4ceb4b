package io.sallyport.control.operators;

import java.util.Locale;
import java.util.Optional;

/** What an operator may do; each role may do all that the one before it may. */
public enum Role {
  /** Reads. */
  VIEWER,
  /** Enrols, quarantines, reinstates and revokes. */
  OPERATOR,
  /** Changes policies and operators. */
  SECURITY;

  /** Whether this role is enough where that one is asked for. */
  public boolean includes(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** The lower-case word in tables and JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of that word. */
  public static Optional<Role> ofWord(String word) {
    for (var role : values()) {
      if (role.word().equals(word)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
