package io.sallyport.identity.keys;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Trial division by every prime below a bound, at the cost of one division. */
final class SmallFactors {
  /** Bound: primes that are tried. */
  static final int PRIMES_BELOW = 1 << 16;

  private static final BigInteger PRODUCT = product(primes(PRIMES_BELOW));

  private SmallFactors() {}

  static boolean divide(BigInteger modulus) {
    return !PRODUCT.mod(modulus).gcd(modulus).equals(BigInteger.ONE);
  }

  static List<BigInteger> primes(int below) {
    var composite = new BitSet(below);
    var primes = new ArrayList<BigInteger>();
    for (int n = 2; n < below; n++) {
      if (!composite.get(n)) {
        primes.add(BigInteger.valueOf(n));
        for (long multiple = (long) n * n; multiple < below; multiple += n) {
          composite.set((int) multiple);
        }
      }
    }
    return primes;
  }

  /** In halves, so that the factors of each multiplication are of like length. */
  private static BigInteger product(List<BigInteger> factors) {
    int half = factors.size() / 2;
    return half == 0
        ? factors.getFirst()
        : product(factors.subList(0, half))
            .multiply(product(factors.subList(half, factors.size())));
  }
}
