package io.sallyport.identity.keys;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The products of numbers, of pairs of them, of pairs of pairs, up to the one of all; down the tree
 * a number is divided by each of them at the cost of a few multiplications (Bernstein, Scaled
 * remainder trees, 2004).
 */
final class ProductTree {
  // Each level doubles the error of a fraction's last bit; no tree has 60 levels.
  private static final int GUARD_BITS = 64;

  private final List<List<BigInteger>> levels = new ArrayList<>();
  private final BigInteger derivative;

  /** A fraction below one, in units of {@code 2^-bits}. */
  private record Fraction(BigInteger value, int bits) {
    /** The fraction of so many times this, as exactly as that divisor needs. */
    Fraction times(BigInteger factor, BigInteger divisor) {
      int precision = precision(divisor);
      var rest = value.multiply(factor).and(mask(bits));
      return new Fraction(rest.shiftRight(bits - precision), precision);
    }

    /** What was left over when this fraction was a number divided by that divisor. */
    BigInteger remainder(BigInteger divisor) {
      var half = BigInteger.ONE.shiftLeft(bits - 1);
      var rounded = value.multiply(divisor).add(half).shiftRight(bits);
      return rounded.equals(divisor) ? BigInteger.ZERO : rounded;
    }

    private static BigInteger mask(int bits) {
      return BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
    }
  }

  ProductTree(List<BigInteger> numbers) {
    levels.add(numbers);
    var derivatives = numbers.stream().map(_ -> BigInteger.ONE).toList();
    while (levels.getLast().size() > 1) {
      var below = levels.getLast();
      var products = new ArrayList<BigInteger>((below.size() + 1) / 2);
      var above = new ArrayList<BigInteger>((below.size() + 1) / 2);
      for (int i = 0; i < below.size(); i += 2) {
        if (i + 1 == below.size()) {
          products.add(below.get(i));
          above.add(derivatives.get(i));
        } else {
          products.add(below.get(i).multiply(below.get(i + 1)));
          // As for the derivative of a product.
          above.add(
              derivatives
                  .get(i)
                  .multiply(below.get(i + 1))
                  .add(derivatives.get(i + 1).multiply(below.get(i))));
        }
      }
      levels.add(products);
      derivatives = above;
    }
    derivative = derivatives.getFirst();
  }

  /** The product of all. */
  BigInteger root() {
    return levels.getLast().getFirst();
  }

  /** What a number leaves when it is divided by each of the numbers. */
  List<BigInteger> remainders(BigInteger dividend) {
    int bits = precision(root());
    var fractions =
        List.of(new Fraction(dividend.mod(root()).shiftLeft(bits).divide(root()), bits));
    for (int depth = levels.size() - 2; depth >= 0; depth--) {
      fractions = below(fractions, levels.get(depth));
    }
    var remainders = new ArrayList<BigInteger>(fractions.size());
    for (int i = 0; i < fractions.size(); i++) {
      remainders.add(fractions.get(i).remainder(levels.getFirst().get(i)));
    }
    return remainders;
  }

  /**
   * A number that leaves, when it is divided by any of the numbers, what the product of all others
   * leaves.
   */
  BigInteger others() {
    // Of the sum of all products without one, only the product without it is no multiple of it.
    return derivative;
  }

  private static List<Fraction> below(List<Fraction> above, List<BigInteger> level) {
    var fractions = new ArrayList<Fraction>(level.size());
    for (int i = 0; i < level.size(); i++) {
      int sibling = i ^ 1;
      var parent = above.get(i / 2);
      fractions.add(
          sibling < level.size() ? parent.times(level.get(sibling), level.get(i)) : parent);
    }
    return fractions;
  }

  private static int precision(BigInteger divisor) {
    return divisor.bitLength() + GUARD_BITS;
  }
}
