package io.sallyport.control.rollover;

/** A step of a rollover is not done, and why. */
public final class RolloverRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final String rule;

  RolloverRefused(String rule, String why) {
    super(why);
    this.rule = rule;
  }

  /** The rule's name, for programs. */
  public String rule() {
    return rule;
  }
}
