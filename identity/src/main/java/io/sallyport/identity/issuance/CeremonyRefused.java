package io.sallyport.identity.issuance;

/** A step of the root ceremony is not done, and by which rule. */
public final class CeremonyRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final String rule;

  CeremonyRefused(String rule, String why) {
    super(rule + ": " + why);
    this.rule = rule;
  }

  /** The rule's name, for programs. */
  public String rule() {
    return rule;
  }
}
