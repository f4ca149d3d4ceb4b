package io.sallyport.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Figure CPU = Figure.CPU_SECONDS_PER_MILLION;

  @Test
  void showsMediansTheirRatioAndWhetherTheGoalIsMet() {
    var report = new Report(List.of("ours", "theirs"));
    var one = one("telemetry", Goal.atMost(CPU, 0.6));
    for (var sample : List.of(6.0, 5.0, 70.0)) {
      report.add(one, "ours", Map.of(CPU, sample));
    }
    report.add(one, "theirs", Map.of(CPU, 12.0));

    assertThat(report.table().lines())
        .containsExactly(
            "case       figure                        ours  theirs  ratio    goal",
            "telemetry  CPU-s per million deliveries   6.0    12.0   0.50  ≤ 0.60  met");
  }

  @Test
  void saysThatAGoalIsMissed() {
    var report = new Report(List.of("ours", "theirs"));
    var one = one("handshake", Goal.atLeast(Figure.HANDSHAKES_PER_CPU_SECOND, 2.5));
    report.add(one, "ours", Map.of(Figure.HANDSHAKES_PER_CPU_SECOND, 900.0));
    report.add(one, "theirs", Map.of(Figure.HANDSHAKES_PER_CPU_SECOND, 500.0));

    assertThat(report.table()).contains("1.80  ≥ 2.50  MISSED");
    assertThat(report.facts().getFirst())
        .containsEntry("met", false)
        .containsEntry("ratio", 1.8)
        .containsEntry("ours", 900.0);
  }

  @Test
  void judgesNothingWithoutAPeer() {
    var report = new Report(List.of("ours"));
    report.add(one("telemetry", Goal.atMost(CPU, 0.6)), "ours", Map.of(CPU, 6.0));

    assertThat(report.table()).doesNotContain("ratio").doesNotContain("≤");
    assertThat(report.facts().getFirst()).doesNotContainKeys("ratio", "goal", "met");
  }

  @Test
  void leavesAGapWhereTheOtherServerHasNoSuchThing() {
    var report = new Report(List.of("ours", "theirs"));
    var one = one("revoke", null);
    report.add(one, "ours", Map.of(Figure.CUT_P50_MS, 3.0));
    report.add(one, "theirs", Map.of());

    assertThat(report.table().lines().toList().get(1)).endsWith("3.0       –");
  }

  @Test
  void answersForOneFigureOfOneServer() {
    var report = new Report(List.of("ours", "theirs"));
    var one = one("telemetry", null);
    report.add(one, "ours", Map.of(CPU, 6.0));
    report.add(one, "ours", Map.of(CPU, 8.0));

    assertThat(report.median(one, CPU, "ours")).hasValue(7.0);
    assertThat(report.median(one, CPU, "theirs")).isEmpty();
    assertThat(report.median(one, Figure.LOST, "ours")).isEmpty();
  }

  @Test
  void givesEachRivalAGroupOfColumnsAndOnlyTheYardstickTheGoalItself() {
    var report = new Report(List.of("ours", "theirs", "others"), "theirs"::equals);
    var one = one("telemetry", Goal.atMost(CPU, 0.6));
    report.add(one, "ours", Map.of(CPU, 8.0));
    report.add(one, "theirs", Map.of(CPU, 10.0));
    report.add(one, "others", Map.of(CPU, 16.0));

    assertThat(report.table().lines().toList().getFirst())
        .containsSubsequence("ours", "theirs", "ratio", "goal", "others", "ratio", "goal");
    assertThat(report.table()).contains("0.80  ≤ 0.60  MISSED").contains("0.50  ≤ 1.00  met");
    assertThat(report.facts().getFirst())
        .containsEntry("ratio to theirs", 0.8)
        .containsEntry("met to theirs", false)
        .containsEntry("ratio to others", 0.5)
        .containsEntry("met to others", true);
  }

  @Test
  void judgesOursAloneWhereTheGoalIsAboutOursAlone() {
    var alone = new Report(List.of("ours"));
    var beside = new Report(List.of("ours", "theirs"));
    var one = one("siege", Goal.ownAtMost(Figure.LATENCY_P99_TIMES, 2));
    for (var report : List.of(alone, beside)) {
      report.add(one, "ours", Map.of(Figure.LATENCY_P99_TIMES, 1.5));
    }
    beside.add(one, "theirs", Map.of(Figure.LATENCY_P99_TIMES, 3.0));

    assertThat(alone.table()).contains("1.50  ≤ 2.00  met");
    assertThat(beside.table()).contains("1.50  ≤ 2.00  met").doesNotContain("MISSED");
    assertThat(beside.facts().getFirst()).containsEntry("met", true).containsEntry("ratio", 0.5);
  }

  private static Case one(String name, @Nullable Goal goal) {
    return new Case(name, goal, _ -> Map.of());
  }
}
