package io.sallyport.identity.keys;

import java.math.BigInteger;

/**
 * Fermat's factorisation, so many steps of it: it finds two primes that lie close together, as some
 * printers' keys do (CVE-2022-26320).
 */
final class Fermat {
  /** Bound: steps; primes of a flawed generator were found in one. */
  static final int STEPS_MAX = 100;

  private Fermat() {}

  /** What the steps found. */
  enum Distance {
    SQUARE,
    CLOSE,
    FAR
  }

  static Distance of(BigInteger modulus) {
    var root = modulus.sqrt();
    if (root.multiply(root).equals(modulus)) {
      return Distance.SQUARE;
    }
    var middle = root;
    for (int step = 0; step < STEPS_MAX; step++) {
      middle = middle.add(BigInteger.ONE);
      if (isSquare(middle.multiply(middle).subtract(modulus))) {
        return Distance.CLOSE;
      }
    }
    return Distance.FAR;
  }

  private static boolean isSquare(BigInteger value) {
    // Of squares, the last four bits are 0, 1, 4 or 9: three of four values need no root.
    return switch (value.intValue() & 15) {
      case 0, 1, 4, 9 -> {
        var root = value.sqrt();
        yield root.multiply(root).equals(value);
      }
      default -> false;
    };
  }
}
