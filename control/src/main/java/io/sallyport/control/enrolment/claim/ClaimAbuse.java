package io.sallyport.control.enrolment.claim;

import java.util.Locale;

/** How a claim was used that is not as it was meant: it may have leaked. */
public enum ClaimAbuse {
  OUTSIDE_WINDOW("the claim is not good at this time"),
  OVER_COUNT("the claim is used up"),
  KILLED("the claim was ended"),
  TOO_FAST("the claim is used too fast"),
  FOREIGN_ID("the claim is not for this id");

  private final String text;

  ClaimAbuse(String text) {
    this.text = text;
  }

  /** One clause for people. */
  public String text() {
    return text;
  }

  /** A word for programs. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
