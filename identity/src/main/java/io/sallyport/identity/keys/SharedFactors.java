package io.sallyport.identity.keys;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Finds RSA moduli that share a factor, which gives both keys away to everybody (Heninger et al.,
 * Mining Your Ps and Qs, 2012): Bernstein's batch GCD, in blocks so that memory stays bounded.
 */
public final class SharedFactors {
  /** Bound: moduli of one tree; more blocks take more time, and no more memory. */
  static final int BLOCK = 4096;

  private final List<List<BigInteger>> blocks = new ArrayList<>();
  private final List<Pair> found = new ArrayList<>();
  private final LongConsumer progress;

  private SharedFactors(List<BigInteger> moduli, LongConsumer progress) {
    this.progress = progress;
    for (int from = 0; from < moduli.size(); from += BLOCK) {
      blocks.add(moduli.subList(from, Math.min(from + BLOCK, moduli.size())));
    }
  }

  /**
   * Two moduli, by their places in the list, that have a factor in common.
   *
   * @param bits how long the factor is
   */
  public record Pair(int first, int second, int bits) {}

  /**
   * All pairs among moduli, each of them once; equal ones share nothing that counts here.
   *
   * @param moduli no two of them equal
   * @param progress told, now and then, how many steps are done; there are {@link #steps} in all
   */
  public static List<Pair> among(List<BigInteger> moduli, LongConsumer progress) {
    return new SharedFactors(List.copyOf(moduli), progress).search();
  }

  /** How many steps the search among so many moduli has. */
  public static long steps(int moduli) {
    long blocks = (moduli + BLOCK - 1L) / BLOCK;
    return blocks * (blocks + 1) / 2;
  }

  private List<Pair> search() {
    var products = new ArrayList<BigInteger>();
    for (int block = 0; block < blocks.size(); block++) {
      var tree = new ProductTree(blocks.get(block));
      var others = tree.others();
      for (var product : products) {
        others = others.multiply(product).mod(tree.root());
        progress.accept(1);
      }
      look(block, tree.remainders(others));
      products.add(tree.root());
      progress.accept(1);
    }
    return List.copyOf(found);
  }

  /** Who shares a factor with anybody of its own block or of one before it. */
  private void look(int block, List<BigInteger> remainders) {
    var moduli = blocks.get(block);
    for (int i = 0; i < moduli.size(); i++) {
      if (shares(remainders.get(i), moduli.get(i))) {
        compare(block * BLOCK + i);
      }
    }
  }

  /** With everybody before it: a pair is found once, by its second. */
  private void compare(int second) {
    for (int first = 0; first < second; first++) {
      var factor = modulus(first).gcd(modulus(second));
      if (!factor.equals(BigInteger.ONE)) {
        found.add(new Pair(first, second, factor.bitLength()));
      }
    }
  }

  private BigInteger modulus(int number) {
    return blocks.get(number / BLOCK).get(number % BLOCK);
  }

  private static boolean shares(BigInteger rest, BigInteger modulus) {
    return !rest.gcd(modulus).equals(BigInteger.ONE);
  }
}
