package io.sallyport.policy.mosquitto;

import java.util.List;

/**
 * A set of topics by their levels, and possibly some more topics: so that two sets that do not
 * overlap here certainly do not.
 *
 * @param dollarless whether no topic of it begins with {@code $}
 * @param steps what each level may be
 */
record Shape(boolean dollarless, List<Step> steps) {
  /** Stands for any letters within one level; no filter can hold it. */
  static final char ANY = '\0';

  /** One part of a topic. */
  sealed interface Step {
    /** A level of this name, in which {@link #ANY} stands for any letters. */
    record Named(String name) implements Step {}

    /** Exactly one level. */
    record One() implements Step {}

    /** Any number of levels, also none. */
    record Many() implements Step {}
  }

  static final Step ONE = new Step.One();
  static final Step MANY = new Step.Many();

  Shape {
    steps = List.copyOf(steps);
  }

  /** Every topic. */
  static Shape everything() {
    return new Shape(false, List.of(MANY));
  }

  /** Whether a topic may be in both. */
  boolean overlaps(Shape other) {
    if ((dollarless && other.beginsWithDollar()) || (other.dollarless && beginsWithDollar())) {
      return false;
    }
    int rows = steps.size();
    int columns = other.steps.size();
    // Whether what is left of both from these steps on has a topic in common.
    var meet = new boolean[rows + 1][columns + 1];
    for (int i = rows; i >= 0; i--) {
      for (int j = columns; j >= 0; j--) {
        meet[i][j] = meets(other, i, j, meet);
      }
    }
    return meet[0][0];
  }

  private boolean meets(Shape other, int i, int j, boolean[][] meet) {
    boolean left = i < steps.size();
    boolean right = j < other.steps.size();
    if (left && steps.get(i).equals(MANY)) {
      return meet[i + 1][j] || (right && meet[i][j + 1]);
    }
    if (right && other.steps.get(j).equals(MANY)) {
      return meet[i][j + 1] || (left && meet[i + 1][j]);
    }
    if (!left || !right) {
      return left == right;
    }
    return meet[i + 1][j + 1] && canBeEqual(steps.get(i), other.steps.get(j));
  }

  private boolean beginsWithDollar() {
    return !steps.isEmpty()
        && steps.getFirst() instanceof Step.Named(var name)
        && name.startsWith("$");
  }

  private static boolean canBeEqual(Step one, Step other) {
    return !(one instanceof Step.Named(var name) && other instanceof Step.Named(var otherName))
        || canBeEqual(name, otherName);
  }

  private static boolean canBeEqual(String one, String other) {
    var equal = new boolean[one.length() + 1][other.length() + 1];
    for (int i = one.length(); i >= 0; i--) {
      for (int j = other.length(); j >= 0; j--) {
        equal[i][j] = canBeEqual(one, i, other, j, equal);
      }
    }
    return equal[0][0];
  }

  private static boolean canBeEqual(String one, int i, String other, int j, boolean[][] equal) {
    boolean left = i < one.length();
    boolean right = j < other.length();
    if (left && one.charAt(i) == ANY) {
      return equal[i + 1][j] || (right && equal[i][j + 1]);
    }
    if (right && other.charAt(j) == ANY) {
      return equal[i][j + 1] || (left && equal[i + 1][j]);
    }
    if (!left || !right) {
      return left == right;
    }
    return equal[i + 1][j + 1] && one.charAt(i) == other.charAt(j);
  }
}
