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
  private final List<BigInteger> products = new ArrayList<>();
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
    for (int right = 0; right < blocks.size(); right++) {
      var tree = new ProductTree(blocks.get(right));
      within(right, tree);
      for (int left = 0; left < right; left++) {
        between(left, right, tree);
      }
      products.add(tree.root());
    }
    return List.copyOf(found);
  }

  private void within(int block, ProductTree tree) {
    var moduli = blocks.get(block);
    var suspects = new ArrayList<Integer>();
    var remainders = tree.remaindersOfOthers();
    for (int i = 0; i < moduli.size(); i++) {
      if (shares(remainders.get(i), moduli.get(i))) {
        suspects.add(i);
      }
    }
    for (int i = 0; i < suspects.size(); i++) {
      for (int j = i + 1; j < suspects.size(); j++) {
        compare(block, suspects.get(i), block, suspects.get(j));
      }
    }
    progress.accept(1);
  }

  private void between(int left, int right, ProductTree tree) {
    var remainders = tree.remainders(products.get(left));
    for (int j = 0; j < remainders.size(); j++) {
      if (shares(remainders.get(j), blocks.get(right).get(j))) {
        for (int i = 0; i < blocks.get(left).size(); i++) {
          compare(left, i, right, j);
        }
      }
    }
    progress.accept(1);
  }

  private void compare(int leftBlock, int i, int rightBlock, int j) {
    var left = blocks.get(leftBlock).get(i);
    var right = blocks.get(rightBlock).get(j);
    var factor = left.gcd(right);
    if (!factor.equals(BigInteger.ONE)) {
      found.add(new Pair(leftBlock * BLOCK + i, rightBlock * BLOCK + j, factor.bitLength()));
    }
  }

  private static boolean shares(BigInteger rest, BigInteger modulus) {
    return !rest.gcd(modulus).equals(BigInteger.ONE);
  }
}
