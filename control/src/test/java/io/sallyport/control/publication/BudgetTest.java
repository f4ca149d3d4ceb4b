package io.sallyport.control.publication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Budget budget = new Budget(10, now::get);

  @Test
  void givesItsNumberEachSecondAndSavesNoMore() {
    assertThat(taken(30)).isEqualTo(10);
    now.set(Instant.EPOCH.plusMillis(500));
    assertThat(taken(30)).isEqualTo(5);
    now.set(Instant.EPOCH.plusSeconds(3_600));
    assertThat(taken(30)).isEqualTo(10);
  }

  @Test
  void aClockThatIsSetBackGivesNothingAndStopsNothing() {
    assertThat(taken(10)).isEqualTo(10);
    now.set(Instant.EPOCH.minusSeconds(3_600));
    assertThat(taken(10)).isZero();
    now.set(Instant.EPOCH.minusSeconds(3_599));
    assertThat(taken(30)).isEqualTo(10);
  }

  private long taken(int attempts) {
    return IntStream.range(0, attempts).filter(_ -> budget.take()).count();
  }
}
