package io.sallyport.bench;

import java.util.Locale;

/** What a figure's ratio, ours to the peer's, has to be. */
record Goal(Figure figure, Side side, double ratio) {
  /** Which side of the ratio is good. */
  enum Side {
    AT_LEAST,
    AT_MOST
  }

  static Goal atLeast(Figure figure, double ratio) {
    return new Goal(figure, Side.AT_LEAST, ratio);
  }

  static Goal atMost(Figure figure, double ratio) {
    return new Goal(figure, Side.AT_MOST, ratio);
  }

  boolean isMet(double measured) {
    return switch (side) {
      case AT_LEAST -> measured >= ratio;
      case AT_MOST -> measured <= ratio;
    };
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.2f", side == Side.AT_LEAST ? "≥" : "≤", ratio);
  }
}
