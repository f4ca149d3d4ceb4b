package io.sallyport.control.rotation;

import io.sallyport.control.enforcement.MetricsSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How far rotation is, in numbers; counted anew once a minute, because it takes everybody. */
public final class RotationMetrics implements MetricsSource {
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final Rotations rotations;
  private final InstantSource clock;
  private Instant counted = Instant.EPOCH;
  private @Nullable Figures last;

  private record Figures(RotationStatus status, Map<Integer, Long> ending) {}

  /** Numbers of those rotations. */
  public RotationMetrics(Rotations rotations, InstantSource clock) {
    this.rotations = rotations;
    this.clock = clock;
  }

  @Override
  public void collect(Consumer<Metric> out) {
    var figures = figures();
    var status = figures.status();
    for (var state : RotationState.values()) {
      gauge(
          out,
          "sallyport_rotation_devices",
          "Rotations of the last 100 days, by how far they are.",
          Map.of("state", state.word()),
          status.states().getOrDefault(state, 0L));
    }
    gauge(
        out,
        "sallyport_rotation_demanded",
        "Devices that an operator wants rotated and that are in no wave yet.",
        Map.of(),
        (double) status.demanded());
    gauge(
        out,
        "sallyport_rotation_wave_size",
        "How many devices the next wave has.",
        Map.of(),
        status.pace().size());
    gauge(
        out,
        "sallyport_rotation_paused",
        "Whether no wave follows: 1, or 0.",
        Map.of(),
        status.pace().paused() ? 1 : 0);
    figures
        .ending()
        .forEach(
            (days, certificates) ->
                gauge(
                    out,
                    "sallyport_certificates_expiring",
                    "Certificates of devices and backends that end within so many days, and that"
                        + " no newer one replaces.",
                    Map.of("days", Integer.toString(days)),
                    certificates));
    out.accept(
        new Metric(
            "sallyport_rotation_proofs_dropped_total",
            "Connections with a new certificate that were not noted, because too many waited.",
            Type.COUNTER,
            Map.of(),
            rotations.proofsDropped()));
  }

  private synchronized Figures figures() {
    var now = clock.instant();
    var known = last;
    if (known == null || !counted.plus(FRESH).isAfter(now) || counted.isAfter(now)) {
      known = new Figures(rotations.status(), rotations.ending());
      last = known;
      counted = now;
    }
    return known;
  }

  private static void gauge(
      Consumer<Metric> out, String name, String help, Map<String, String> labels, double value) {
    out.accept(new Metric(name, help, Type.GAUGE, labels, value));
  }
}
