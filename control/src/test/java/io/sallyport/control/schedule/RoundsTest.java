package io.sallyport.control.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final Duration SOON = Duration.ofMillis(1);

  @Test
  void aRoundThatFailsIsFollowedByTheNext() throws InterruptedException {
    var third = new CountDownLatch(3);
    try (var rounds = new Rounds("test")) {
      rounds.every(
          SOON,
          SOON,
          "a test's work",
          () -> {
            third.countDown();
            throw new IllegalStateException("not foreseen");
          });

      assertThat(third.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatIsBegunEndsBeforeItIsClosedAndNothingFollows() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var ended = new AtomicInteger();
    var rounds = new Rounds("test");
    rounds.soon(
        "a test's work",
        () -> {
          begun.countDown();
          ended.incrementAndGet();
        });
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    rounds.close();
    assertThat(ended).hasValue(1);
  }

  @Test
  void onePartThatFailsDoesNotEndTheOthers() {
    var done = new AtomicInteger();
    Rounds.attempt(
        "the first part",
        () -> {
          throw new IllegalStateException("not foreseen");
        });
    Rounds.attempt("the second part", done::incrementAndGet);
    assertThat(done).hasValue(1);
  }
}
