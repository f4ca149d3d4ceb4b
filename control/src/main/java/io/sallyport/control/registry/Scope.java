package io.sallyport.control.registry;

import java.util.Locale;

/** One principal, or the members of one group. */
public record Scope(Kind kind, String name) {
  /** What the name is of. */
  public enum Kind {
    PRINCIPAL,
    GROUP;

    /** As tables and paths have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One device or backend. */
  public static Scope principal(String id) {
    return new Scope(Kind.PRINCIPAL, id);
  }

  /** Everybody in a group. */
  public static Scope group(String name) {
    return new Scope(Kind.GROUP, name);
  }

  @Override
  public String toString() {
    return kind.word() + " '" + name + "'";
  }
}
