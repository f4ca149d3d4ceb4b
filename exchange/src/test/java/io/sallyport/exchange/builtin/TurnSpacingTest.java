package io.sallyport.exchange.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnSpacingTest {
  private final TurnSpacing spacing = new TurnSpacing();

  @Test
  void whoHearsLittleIsHardlyEverMadeToWait() {
    int waits = 0;
    for (int i = 0; i < 6_400; i++) {
      if (spacing.beginsAfter(1)) {
        waits++;
        assertThat(spacing.goesOnAfter(1)).isFalse();
      }
    }
    assertThat(waits).isEqualTo(6_400 / TurnSpacing.TRIED_AGAIN_AFTER);
  }

  @Test
  void turnsWithoutDeliveriesNeverBeginIt() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(spacing.beginsAfter(0)).isFalse();
    }
  }

  @Test
  void goesOnWhileAWaitGathersCompany() {
    assertThat(spacing.goesOnAfter(2)).isTrue();
    assertThat(spacing.goesOnAfter(1)).isFalse();
    assertThat(spacing.goesOnAfter(0)).isFalse();
  }
}
