package io.sallyport.policy.condition;

/** Whether something holds, where what would be needed to know it may be missing (Kleene). */
public enum Truth {
  FALSE,
  UNKNOWN,
  TRUE;

  public static Truth of(boolean value) {
    return value ? TRUE : FALSE;
  }

  /** False if either is false, true only if both are true. */
  public Truth and(Truth other) {
    return compareTo(other) < 0 ? this : other;
  }

  /** True if either is true, false only if both are false. */
  public Truth or(Truth other) {
    return compareTo(other) > 0 ? this : other;
  }

  public Truth not() {
    return switch (this) {
      case FALSE -> TRUE;
      case UNKNOWN -> UNKNOWN;
      case TRUE -> FALSE;
    };
  }
}
