package io.sallyport.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.cli.terminal.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Looks at what the registry holds: what is taken when, also where a key cannot be opened. */
class AuthorityWatchTest {
  private final List<String> done = new ArrayList<>();
  private final Deque<BooleanSupplier> all = new ArrayDeque<>();
  private final Deque<Boolean> trust = new ArrayDeque<>();
  private boolean cannotShow;
  private final AuthorityWatch watch =
      new AuthorityWatch(
          () -> {
            done.add("all");
            return !all.isEmpty() && all.pop().getAsBoolean();
          },
          () -> {
            done.add("trust");
            return !trust.isEmpty() && trust.pop();
          },
          () -> {
            done.add("changed");
            if (cannotShow) {
              throw new IllegalStateException("no certificate");
            }
          });

  private static boolean refused() {
    throw Failure.badInput("ca: the passphrase is wrong");
  }

  private List<String> round() {
    done.clear();
    watch.round();
    return List.copyOf(done);
  }

  @Test
  void nothingNewChangesNothing() {
    assertThat(round()).containsExactly("all");
    assertThat(round()).containsExactly("all");
  }

  @Test
  void whatIsNewIsPutInForceOnce() {
    all.add(() -> true);
    assertThat(round()).containsExactly("all", "changed");
    assertThat(round()).containsExactly("all");
  }

  /** The attack: a stolen CA is retired, and one server has lost its passphrase meanwhile. */
  @Test
  void whomToTrustDoesNotWaitForAKey() {
    all.add(AuthorityWatchTest::refused);
    trust.add(true);
    assertThat(round()).containsExactly("all", "trust", "changed");
  }

  @Test
  void aKeyThatCannotBeOpenedIsNotTriedEachSecond() {
    all.add(AuthorityWatchTest::refused);
    assertThat(round()).containsExactly("all", "trust");
    for (int second = 1; second <= 30; second++) {
      assertThat(round()).containsExactly("trust");
    }
    all.add(AuthorityWatchTest::refused);
    assertThat(round()).containsExactly("all", "trust");
    // A change is another matter: it is tried in the next round.
    trust.add(true);
    assertThat(round()).containsExactly("trust", "changed");
    all.add(() -> true);
    assertThat(round()).containsExactly("all", "changed");
    assertThat(round()).containsExactly("all");
  }

  @Test
  void itIsTriedAgainAfterAWhile() {
    all.add(AuthorityWatchTest::refused);
    round();
    int rounds = 0;
    while (!round().contains("all")) {
      assertThat(++rounds).isLessThanOrEqualTo(30);
    }
    assertThat(rounds).isEqualTo(30);
  }

  @Test
  void whatCouldNotBeShownIsOwed() {
    all.add(() -> true);
    cannotShow = true;
    assertThat(round()).containsExactly("all", "changed");
    assertThat(round()).containsExactly("all", "changed");
    cannotShow = false;
    assertThat(round()).containsExactly("all", "changed");
    assertThat(round()).containsExactly("all");
  }

  @Test
  void aRegistryThatIsAwayEndsNoWatch() throws Exception {
    var looks = new CountDownLatch(2);
    try (var _ =
        new AuthorityWatch(
                () -> {
                  looks.countDown();
                  throw new IllegalStateException("away");
                },
                () -> {
                  looks.countDown();
                  throw new IllegalStateException("away");
                },
                () -> {})
            .begun()) {
      assertThat(looks.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
