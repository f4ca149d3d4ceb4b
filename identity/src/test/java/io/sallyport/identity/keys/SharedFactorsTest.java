package io.sallyport.identity.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.keys.SharedFactors.Pair;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The factor that two of thousands have in common is found, and nothing else is. */
class SharedFactorsTest {
  private static final int PRIME_BITS = 96;

  private final BadKeys bad = new BadKeys(new SplittableRandom(2012));

  @Test
  void findsThreePairsAmongTwoThousand() {
    var moduli = moduli(2_000);
    share(moduli, 3, 1_999);
    share(moduli, 500, 501);
    share(moduli, 1_000, 17);

    assertThat(SharedFactors.among(moduli, _ -> {}))
        .containsExactlyInAnyOrder(
            new Pair(3, 1_999, PRIME_BITS),
            new Pair(500, 501, PRIME_BITS),
            new Pair(17, 1_000, PRIME_BITS));
  }

  @Test
  void findsThemInDifferentBlocksAndCountsItsSteps() {
    var moduli = moduli(2 * SharedFactors.BLOCK + 5);
    share(moduli, 1, SharedFactors.BLOCK + 1);
    share(moduli, SharedFactors.BLOCK - 1, 2 * SharedFactors.BLOCK + 4);
    var steps = new AtomicLong();

    assertThat(SharedFactors.among(moduli, steps::addAndGet))
        .containsExactlyInAnyOrder(
            new Pair(1, SharedFactors.BLOCK + 1, PRIME_BITS),
            new Pair(SharedFactors.BLOCK - 1, 2 * SharedFactors.BLOCK + 4, PRIME_BITS));
    assertThat(steps).hasValue(SharedFactors.steps(moduli.size())).hasValue(6);
  }

  @Test
  void namesEveryPairOfThreeThatShareOnePrime() {
    var moduli = moduli(10);
    share(moduli, 2, 5);
    share(moduli, 2, 8);

    assertThat(SharedFactors.among(moduli, _ -> {}))
        .extracting(pair -> List.of(pair.first(), pair.second()))
        .contains(List.of(2, 5), List.of(2, 8), List.of(5, 8));
  }

  @Test
  void findsNothingWhereNothingIs() {
    assertThat(SharedFactors.among(List.of(), _ -> {})).isEmpty();
    assertThat(SharedFactors.among(moduli(1), _ -> {})).isEmpty();
    assertThat(SharedFactors.among(moduli(777), _ -> {})).isEmpty();
  }

  private List<BigInteger> moduli(int count) {
    var moduli = new ArrayList<BigInteger>();
    for (int i = 0; i < count; i++) {
      moduli.add(bad.prime(PRIME_BITS).multiply(bad.prime(PRIME_BITS)));
    }
    return moduli;
  }

  /** Gives the second a new modulus with a prime of the first. */
  private void share(List<BigInteger> moduli, int first, int second) {
    var prime = primes.computeIfAbsent(first, _ -> bad.prime(PRIME_BITS));
    moduli.set(first, prime.multiply(bad.prime(PRIME_BITS)));
    moduli.set(second, prime.multiply(bad.prime(PRIME_BITS)));
  }

  private final java.util.Map<Integer, BigInteger> primes = new java.util.HashMap<>();
}
