package io.sallyport.bench;

import java.util.Locale;

/**
 * What a figure has to be.
 *
 * @param side which side of the value is good
 * @param of what is measured against the value
 */
record Goal(Figure figure, Side side, Of of, double value) {
  /** Which side of the value is good. */
  enum Side {
    AT_LEAST,
    AT_MOST
  }

  /** What a goal is about. */
  enum Of {
    /** Our figure, divided by the peer's. */
    RATIO,
    /** Our figure alone. */
    OURS
  }

  static Goal atLeast(Figure figure, double ratio) {
    return new Goal(figure, Side.AT_LEAST, Of.RATIO, ratio);
  }

  static Goal atMost(Figure figure, double ratio) {
    return new Goal(figure, Side.AT_MOST, Of.RATIO, ratio);
  }

  /** Whatever a peer has. */
  static Goal ownAtMost(Figure figure, double value) {
    return new Goal(figure, Side.AT_MOST, Of.OURS, value);
  }

  /** No more than to be ahead: for a peer that the ratio was not made for. */
  Goal ahead() {
    return new Goal(figure, side, of, 1);
  }

  boolean isMet(double measured) {
    return switch (side) {
      case AT_LEAST -> measured >= value;
      case AT_MOST -> measured <= value;
    };
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.2f", side == Side.AT_LEAST ? "≥" : "≤", value);
  }
}
