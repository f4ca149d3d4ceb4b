package io.sallyport.identity.issuance;

import java.util.Locale;

/** What an authority is for at this moment of a rollover. */
public enum AuthorityStanding {
  /** It has a key and no certificate yet: its root is off line. Nobody trusts it. */
  REQUESTED,
  /** Trusted everywhere, and nothing is issued by it yet. */
  TRUSTED,
  /** Trusted, and what signs from now on. */
  ACTIVE,
  /** Trusted still; what it issued is valid, and nothing more is issued by it. */
  OUTGOING,
  /** Not trusted any more. */
  RETIRED;

  /** Whether what it issued opens anything. */
  public boolean isTrusted() {
    return switch (this) {
      case TRUSTED, ACTIVE, OUTGOING -> true;
      case REQUESTED, RETIRED -> false;
    };
  }

  /** The lower-case word in the registry and in JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Of that word, as the registry holds it. */
  public static AuthorityStanding ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
