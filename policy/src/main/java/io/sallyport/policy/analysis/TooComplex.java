package io.sallyport.policy.analysis;

/** The question needs larger automata than the budget allows; nothing was concluded. */
public final class TooComplex extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooComplex(String why) {
    super(why, null, false, false);
  }

  TooComplex(int states) {
    super("the policy needs more than " + states + " states to be analysed", null, false, false);
  }
}
