package io.sallyport.policy;

/** How much searching somebody may still cause; used by one thread. */
public final class SearchBudget {
  private final int max;
  private int left;

  /** A full budget. */
  public SearchBudget(int max) {
    this.max = max;
    this.left = max;
  }

  /** Whether nothing is left; what is under way may go beyond it by one search. */
  public boolean isSpent() {
    return left <= 0;
  }

  /** Gives back, but never more than there was. */
  public void refill(long steps) {
    left = (int) Math.min(max, left + steps);
  }

  void spend(int steps) {
    left -= steps;
  }
}
