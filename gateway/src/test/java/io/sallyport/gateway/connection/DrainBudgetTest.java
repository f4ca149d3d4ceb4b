package io.sallyport.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rate of a drain, with time that the test makes. */
final class DrainBudgetTest {
  private static final long TURN = 50;

  private static int sent(DrainBudget budget, int waiting) {
    int sent = 0;
    while (sent < waiting && budget.hasOne()) {
      budget.take();
      sent++;
    }
    return sent;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 20, 500, 100_000})
  void anyTenSecondsHaveNoMoreThanTheRateAndOneDevice(int perSecond) {
    var budget = new DrainBudget(perSecond);
    long all = 0;
    for (int turn = 0; turn < 10_000 / TURN; turn++) {
      budget.passed(TURN);
      all += sent(budget, Integer.MAX_VALUE);
    }
    assertThat(all).isBetween(10L * perSecond - 1, 10L * perSecond + 1);
  }

  @Test
  void aQuietMinuteIsNotMadeUpFor() {
    var budget = new DrainBudget(20);
    for (int turn = 0; turn < 60_000 / TURN; turn++) {
      budget.passed(TURN);
    }
    assertThat(sent(budget, Integer.MAX_VALUE)).isLessThanOrEqualTo(2);
  }
}
