package io.sallyport.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class MedianTest {
  @Test
  void isTheMiddleOfAnOddNumber() {
    assertThat(Median.of(List.of(9.0, 1.0, 2.0))).isEqualTo(2.0);
  }

  @Test
  void isBetweenTheTwoInTheMiddleOfAnEvenNumber() {
    assertThat(Median.of(List.of(4.0, 1.0, 100.0, 2.0))).isEqualTo(3.0);
  }

  @Test
  void isNotMovedByOneDisturbedRound() {
    assertThat(Median.of(List.of(10.0, 10.5, 900.0))).isEqualTo(10.5);
  }

  @Test
  void refusesToInventAValue() {
    assertThatIllegalArgumentException().isThrownBy(() -> Median.of(List.of()));
  }
}
