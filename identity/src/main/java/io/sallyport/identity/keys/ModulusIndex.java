package io.sallyport.identity.keys;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Every RSA modulus that was ever offered, as products, so that a new one can be asked about a
 * factor in common with any of them before it is certified. Not for several threads at once.
 */
public final class ModulusIndex {
  /** Bound: moduli that are compared with; beyond it the oldest are left to the audit. */
  public static final int MODULI_MAX = 200_000;

  private static final int BLOCK = 64;

  private final Deque<Block> blocks = new ArrayDeque<>();
  private long last;

  /** Moduli of successive numbers. */
  private record Block(Range range, int count, BigInteger product) {}

  /** Numbers of moduli, both ends included. */
  public record Range(long first, long last) {}

  /** The highest number that was added; zero before the first. */
  public long last() {
    return last;
  }

  /** Adds the modulus of a number above all that were added before. */
  public void add(long number, BigInteger modulus) {
    if (number <= last) {
      throw new IllegalArgumentException("not above " + last + ": " + number);
    }
    last = number;
    var newest = blocks.peekLast();
    if (newest == null || newest.count() == BLOCK) {
      blocks.addLast(new Block(new Range(number, number), 1, modulus));
    } else {
      blocks.removeLast();
      blocks.addLast(
          new Block(
              new Range(newest.range().first(), number),
              newest.count() + 1,
              newest.product().multiply(modulus)));
    }
    if (blocks.size() > MODULI_MAX / BLOCK) {
      blocks.removeFirst();
    }
  }

  /** Where those are that have a factor in common with this one; almost always nowhere. */
  public List<Range> sharing(BigInteger modulus) {
    var all = BigInteger.ONE;
    for (var block : blocks) {
      all = all.multiply(block.product().mod(modulus)).mod(modulus);
    }
    if (all.gcd(modulus).equals(BigInteger.ONE)) {
      return List.of();
    }
    return blocks.stream()
        .filter(block -> !block.product().mod(modulus).gcd(modulus).equals(BigInteger.ONE))
        .map(Block::range)
        .toList();
  }
}
