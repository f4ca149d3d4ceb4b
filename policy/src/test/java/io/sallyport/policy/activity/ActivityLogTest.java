package io.sallyport.policy.activity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Action;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ActivityLogTest {
  private final ActivityLog log = new ActivityLog();
  private final PrincipalActivity device = log.of("d");

  private void saw(String name) {
    device.saw(Action.PUBLISH, name.getBytes(UTF_8), false);
  }

  private long total() {
    return log.drain().stream().mapToLong(Activity::count).sum();
  }

  @Test
  void countsEachNameExactly() {
    for (int i = 0; i < 1_000; i++) {
      saw("a");
      device.saw(Action.RECEIVE, "a".getBytes(UTF_8), i % 4 == 0);
    }
    assertThat(log.drain())
        .containsExactlyInAnyOrder(
            new Activity("d", Action.PUBLISH, NamePattern.of("a"), 1_000, 0),
            new Activity("d", Action.RECEIVE, NamePattern.of("a"), 1_000, 250));
    assertThat(log.drain()).isEmpty();
  }

  @Test
  void aLevelThatVariesTooMuchBecomesAPattern() {
    for (int i = 0; i < 10_000; i++) {
      saw("jobs/" + i + "/status");
      saw("telemetry");
    }
    assertThat(device.size()).isLessThanOrEqualTo(PrincipalActivity.NAMES_MAX);
    assertThat(log.drain())
        .contains(new Activity("d", Action.PUBLISH, NamePattern.of("telemetry"), 10_000, 0))
        .anyMatch(one -> one.name().equals(NamePattern.parse("jobs/*/status")));
  }

  /** The attack: a device that never says the same twice. */
  @Test
  void memoryIsBoundedAndNothingGoesUncounted() {
    var random = new SplittableRandom(7);
    int names = 50_000;
    for (int i = 0; i < names; i++) {
      var levels = LongStream.range(0, 1 + random.nextInt(4)).mapToObj(_ -> word(random)).toList();
      saw(String.join("/", levels));
      assertThat(device.size()).isLessThanOrEqualTo(PrincipalActivity.NAMES_MAX + 1);
    }
    assertThat(total()).isEqualTo(names);
    assertThat(log.roomLeft()).isEqualTo(ActivityLog.NAMES_MAX);
  }

  private static String word(SplittableRandom random) {
    return Long.toString(random.nextLong() & Long.MAX_VALUE, 36);
  }

  @Test
  void allPrincipalsTogetherAreBounded() {
    var small = new ActivityLog(100);
    for (int i = 0; i < 300; i++) {
      small.of("d" + i).saw(Action.PUBLISH, "x".getBytes(UTF_8), false);
    }
    var drained = small.drain();
    assertThat(drained).hasSize(300);
    assertThat(drained.stream().filter(one -> one.name().equals(NamePattern.UNRECORDED)))
        .hasSize(200);
    assertThat(small.roomLeft()).isEqualTo(100);
  }

  @Test
  void ofALongNameTheLevelsThatFitAreKept() {
    saw("a/b/" + "x".repeat(60_000));
    saw("y".repeat(60_000));
    assertThat(log.drain())
        .extracting(one -> one.name().text())
        .containsExactlyInAnyOrder("a/b/*", NamePattern.UNRECORDED.text());
  }
}
