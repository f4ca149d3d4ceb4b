package io.sallyport.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.gateway.topic.DeviceDoor;
import org.junit.jupiter.api.Test;

/** How often one connection may ask the server itself. */
class CallsTest {
  private static final int MINUTE = 4 * 60 + 2;

  @Test
  void aConnectionAsksSoOftenAndNoMoreHoweverSlowly() {
    var calls = new Calls();
    for (int number = 0; number < DeviceDoor.REQUESTS_MAX; number++) {
      assertThat(calls.begins(number * MINUTE)).isTrue();
      calls.ended();
    }

    assertThat(calls.begins(1_000 * MINUTE)).isFalse();
  }

  @Test
  void aMinuteLaterItMayAskAgain() {
    var calls = new Calls();
    for (int number = 0; number < DeviceDoor.REQUESTS_PER_MINUTE_MAX; number++) {
      assertThat(calls.begins(0)).isTrue();
      calls.ended();
    }

    assertThat(calls.begins(1)).isFalse();
    assertThat(calls.begins(MINUTE)).isTrue();
    assertThat(calls.begins(MINUTE)).as("one at a time").isFalse();
  }
}
