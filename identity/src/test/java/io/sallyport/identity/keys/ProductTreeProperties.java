package io.sallyport.identity.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The tree leaves what plain division leaves. */
class ProductTreeProperties {
  private final SplittableRandom random = new SplittableRandom(2004);

  @Test
  void remaindersAreThoseOfDivision() {
    for (int count = 1; count < 70; count++) {
      var numbers = numbers(count);
      var tree = new ProductTree(numbers);
      var product = numbers.stream().reduce(BigInteger.ONE, BigInteger::multiply);
      var dividend = number(random.nextInt(1, 5_000));

      assertThat(tree.root()).isEqualTo(product);
      assertThat(tree.remainders(dividend)).isEqualTo(numbers.stream().map(dividend::mod).toList());
      assertThat(tree.remainders(tree.others()))
          .isEqualTo(numbers.stream().map(one -> product.divide(one).mod(one)).toList());
    }
  }

  private List<BigInteger> numbers(int count) {
    var numbers = new ArrayList<BigInteger>();
    for (int i = 0; i < count; i++) {
      numbers.add(number(random.nextInt(2, 300)));
    }
    return numbers;
  }

  private BigInteger number(int bits) {
    var bytes = new byte[bits / 8 + 1];
    random.nextBytes(bytes);
    return new BigInteger(1, bytes).shiftRight(bytes.length * 8 - bits).setBit(bits - 1);
  }
}
