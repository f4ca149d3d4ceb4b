package io.sallyport.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpacedPollsTest {
  private final SpacedPolls strategy = new SpacedPolls();
  private final ArrayDeque<Integer> ready = new ArrayDeque<>();

  @Test
  void tasksNeverWait() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      assertThat(next(true, 5)).isEqualTo(5);
    }
  }

  @Test
  void aQuietLoopBlocksAndHardlyEverLooksTwice() throws Exception {
    int blocked = 0;
    for (int i = 0; i < 650; i++) {
      blocked += next(false, 0, 1) == SelectStrategy.SELECT ? 1 : 0;
    }
    assertThat(blocked).isEqualTo(640);
  }

  @Test
  void goesOnWhileWaitingFindsSeveral() throws Exception {
    while (next(false, 0, 4) == SelectStrategy.SELECT) {
      // Until it is tried for the first time.
    }
    for (int i = 0; i < 100; i++) {
      assertThat(next(false, 0, 4)).isEqualTo(4);
    }
    assertThat(next(false, 0, 2)).isEqualTo(2);
    assertThat(next(false, 0, 4)).isEqualTo(SelectStrategy.SELECT);
  }

  @Test
  void aLoopThatFindsWorkAtOnceDoesNotWait() throws Exception {
    while (next(false, 0, 4) == SelectStrategy.SELECT) {
      // Until it is tried for the first time.
    }
    assertThat(next(false, 1)).isEqualTo(1);
    assertThat(ready).isEmpty();
  }

  /** What the strategy says, given what each poll finds. */
  private int next(boolean hasTasks, Integer... polls) throws Exception {
    ready.clear();
    ready.addAll(List.of(polls));
    return strategy.calculateStrategy(ready::remove, hasTasks);
  }
}
