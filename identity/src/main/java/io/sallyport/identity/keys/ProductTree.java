package io.sallyport.identity.keys;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** The products of numbers, of pairs of them, of pairs of pairs, up to the one of all. */
final class ProductTree {
  private final List<List<BigInteger>> levels;

  private ProductTree(List<List<BigInteger>> levels) {
    this.levels = levels;
  }

  static ProductTree of(List<BigInteger> numbers) {
    var levels = new ArrayList<List<BigInteger>>();
    levels.add(numbers);
    while (levels.getLast().size() > 1) {
      var below = levels.getLast();
      var level = new ArrayList<BigInteger>((below.size() + 1) / 2);
      for (int i = 0; i < below.size(); i += 2) {
        level.add(
            i + 1 < below.size() ? below.get(i).multiply(below.get(i + 1)) : below.get(i));
      }
      levels.add(level);
    }
    return new ProductTree(levels);
  }

  /** The product of all. */
  BigInteger root() {
    return levels.getLast().getFirst();
  }

  /** What a number leaves when it is divided by each of the numbers. */
  List<BigInteger> remainders(BigInteger dividend) {
    return down(dividend, false);
  }

  /** What the product of all leaves when it is divided by the square of each. */
  List<BigInteger> remaindersOfSquares() {
    return down(root(), true);
  }

  private List<BigInteger> down(BigInteger dividend, boolean squared) {
    var above = List.of(dividend);
    for (int depth = levels.size() - 1; depth >= 0; depth--) {
      var level = levels.get(depth);
      var rests = new ArrayList<BigInteger>(level.size());
      for (int i = 0; i < level.size(); i++) {
        var divisor = level.get(i);
        var from = above.get(Math.min(i / 2, above.size() - 1));
        rests.add(from.mod(squared ? divisor.multiply(divisor) : divisor));
      }
      above = rests;
    }
    return above;
  }
}
