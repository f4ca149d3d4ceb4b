package io.sallyport.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  @Test
  void aSaturatingPublisherSendsByHalfWindows() {
    var pace = new Pace.Saturated();

    assertThat(pace.due(0, 16, 16, 0)).isEqualTo(16);
    assertThat(pace.due(100, 8, 16, 0)).isEqualTo(8);
    assertThat(pace.due(100, 7, 16, 0)).isZero();
    assertThat(pace.due(100, 1, 1, 0)).isEqualTo(1);
  }

  @Test
  void aSteadyPublisherSendsWhatIsDueAndNoMoreThanFits() {
    var pace = new Pace.Steady(1_000, 10);

    assertThat(pace.due(0, 16, 16, 999)).isZero();
    assertThat(pace.due(0, 16, 16, 1_000)).isEqualTo(1);
    assertThat(pace.due(1, 16, 16, 1_009)).isZero();
    assertThat(pace.due(1, 16, 16, 1_050)).isEqualTo(5);
    assertThat(pace.due(1, 3, 16, 1_050)).isEqualTo(3);
  }

  @Test
  void latenessOfTheServerCountsFromWhenAMessageWasDue() {
    assertThat(new Pace.Steady(1_000, 10).dueAt(5, 9_999)).isEqualTo(1_050);
  }
}
