package io.sallyport.control.enforcement;

import java.util.Locale;

/** Why a principal is cut off. */
public enum CutReason {
  REVOKED,
  QUARANTINED;

  /** The lower-case word in messages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
