package io.sallyport.policy;

/** What it takes to be granted a filter. */
public enum SubscribeRule {
  /**
   * {@code iot:Subscribe} on the filter, and {@code iot:Receive} on all that the filter matches.
   */
  INCLUSIVE,
  /**
   * {@code iot:Subscribe} on the text of the filter, as AWS has it; deliveries are decided later.
   */
  LITERAL;

  /** The rule of a listener that names none. */
  public static SubscribeRule of(Mode mode) {
    return switch (mode) {
      case STRICT -> INCLUSIVE;
      case AWS_COMPAT -> LITERAL;
    };
  }
}
