package io.sallyport.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DenialLimiterTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private final DenialLimiter limiter = new DenialLimiter();

  @Test
  void passesTheFirstCountsTheRestAndSaysHowMany() {
    assertThat(admit("dev-1", 0)).containsExactly(denial("dev-1", 0));
    for (int second = 1; second < 10; second++) {
      assertThat(admit("dev-1", second)).isEmpty();
    }
    assertThat(limiter.drain(at(9))).isEmpty();
    assertThat(limiter.drain(at(10)))
        .containsExactly(
            SecurityEvent.of(
                at(10),
                EventType.PUBLISH_DENIED,
                "dev-1",
                "topic",
                Map.of("reason", "default", "suppressed", "9", "since", START.toString())));
    assertThat(limiter.drain(at(100))).isEmpty();
  }

  @Test
  void aWindowWithoutRepeatsNeedsNoSummary() {
    admit("dev-1", 0);
    assertThat(limiter.drain(at(60))).isEmpty();
  }

  @Test
  void theNextWindowBeginsWithTheSummaryOfTheLast() {
    admit("dev-1", 0);
    admit("dev-1", 1);
    assertThat(admit("dev-1", 10))
        .hasSize(2)
        .satisfies(events -> assertThat(suppressed(events.getFirst())).isEqualTo(1))
        .endsWith(denial("dev-1", 10));
  }

  @Test
  void differentPrincipalsTypesAndReasonsDoNotHideEachOther() {
    var event = denial("dev-1", 0);
    var key = new DenialLimiter.Key("dev-1", EventType.PUBLISH_DENIED, "default");
    for (var other :
        List.of(
            key,
            new DenialLimiter.Key("dev-2", EventType.PUBLISH_DENIED, "default"),
            new DenialLimiter.Key("dev-1", EventType.SUBSCRIBE_DENIED, "default"),
            new DenialLimiter.Key("dev-1", EventType.PUBLISH_DENIED, "statement"))) {
      assertThat(limiter.admit(other, event, START)).containsExactly(event);
    }
    assertThat(limiter.admit(key, event, START)).isEmpty();
  }

  @Test
  void holdsNoMoreKeysThanItsBoundAndForgetsNoCount() {
    var small = new DenialLimiter(2, Duration.ofSeconds(10));
    small.admit(key("dev-1"), denial("dev-1", 0), at(0));
    small.admit(key("dev-1"), denial("dev-1", 1), at(1));
    small.admit(key("dev-2"), denial("dev-2", 1), at(1));
    var recorded = small.admit(key("dev-3"), denial("dev-3", 2), at(2));
    assertThat(recorded).hasSize(2).endsWith(denial("dev-3", 2));
    assertThat(suppressed(recorded.getFirst())).isEqualTo(1);
    assertThat(recorded.getFirst().at()).isEqualTo(at(2));
    assertThat(small.admit(key("dev-2"), denial("dev-2", 2), at(2))).isEmpty();
    assertThat(small.admit(key("dev-1"), denial("dev-1", 3), at(3))).contains(denial("dev-1", 3));
  }

  @Test
  void theDefaultBoundIsTenThousandKeys() {
    for (int i = 0; i < 10_000; i++) {
      limiter.admit(key("dev-" + i), denial("dev", 0), at(0));
    }
    assertThat(admit("dev-0", 1)).isEmpty();
    assertThat(limiter.admit(key("one-more"), denial("dev", 1), at(1))).hasSize(2);
    assertThat(admit("dev-0", 1)).hasSize(1);
  }

  @Test
  void atTheEndEveryCountIsTold() {
    admit("dev-1", 0);
    admit("dev-1", 1);
    admit("dev-2", 1);
    assertThat(limiter.drainAll(at(2))).hasSize(1);
    assertThat(limiter.drainAll(at(2))).isEmpty();
  }

  @Test
  void aClockThatGoesBackLosesNothing() {
    admit("dev-1", 100);
    admit("dev-2", 0);
    assertThat(admit("dev-2", 1)).isEmpty();
    assertThat(limiter.drain(at(200))).hasSize(1);
  }

  @Test
  void refusesBoundsOfNothing() {
    assertThatThrownBy(() -> new DenialLimiter(0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DenialLimiter(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyDenialIsRecordedOrCounted(long seed) {
    var random = new SplittableRandom(seed);
    var tight = new DenialLimiter(5, Duration.ofSeconds(10));
    var recorded = new ArrayList<SecurityEvent>();
    int second = 0;
    for (int i = 0; i < 5000; i++) {
      second += random.nextInt(3);
      var name = "dev-" + random.nextInt(8);
      recorded.addAll(tight.admit(key(name), denial(name, second), at(second)));
      if (random.nextInt(10) == 0) {
        recorded.addAll(tight.drain(at(second)));
      }
    }
    recorded.addAll(tight.drainAll(at(second)));
    long told =
        recorded.stream()
            .mapToLong(
                event ->
                    event.facts().containsKey(DenialLimiter.SUPPRESSED) ? suppressed(event) : 1)
            .sum();
    assertThat(told).isEqualTo(5000);
  }

  private List<SecurityEvent> admit(String principal, int second) {
    return limiter.admit(key(principal), denial(principal, second), at(second));
  }

  private static DenialLimiter.Key key(String principal) {
    return new DenialLimiter.Key(principal, EventType.PUBLISH_DENIED, "default");
  }

  private static SecurityEvent denial(String principal, int second) {
    return SecurityEvent.of(
        at(second), EventType.PUBLISH_DENIED, principal, "topic", Map.of("reason", "default"));
  }

  private static Instant at(int second) {
    return START.plusSeconds(second);
  }

  private static long suppressed(SecurityEvent event) {
    return Long.parseLong(String.valueOf(event.facts().get(DenialLimiter.SUPPRESSED)));
  }
}
