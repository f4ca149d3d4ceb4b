package io.sallyport.identity.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A new modulus is compared with every one that is known. */
class ModulusIndexTest {
  private final BadKeys bad = new BadKeys(new SplittableRandom(64));

  @Test
  void findsTheRangeOfWhoSharesAFactor() {
    var index = new ModulusIndex();
    var shared = bad.prime(64);
    for (int number = 1; number <= 500; number++) {
      index.add(number, (number == 321 ? shared : bad.prime(64)).multiply(bad.prime(64)));
    }

    assertThat(index.sharing(bad.prime(64).multiply(bad.prime(64)))).isEmpty();
    assertThat(index.sharing(shared.multiply(bad.prime(64))))
        .singleElement()
        .satisfies(range -> assertThat(321L).isBetween(range.first(), range.last()));
    assertThat(index.last()).isEqualTo(500);
    assertThatThrownBy(() -> index.add(500, BigInteger.TEN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void beyondTheBoundTheOldestAreForgotten() {
    var index = new ModulusIndex();
    index.add(1, BigInteger.valueOf(7));
    for (int number = 2; number <= ModulusIndex.MODULI_MAX + 64; number++) {
      index.add(number, BigInteger.ONE);
    }

    assertThat(index.sharing(BigInteger.valueOf(77))).isEmpty();
    assertThat(index.last()).isEqualTo(ModulusIndex.MODULI_MAX + 64);
  }
}
