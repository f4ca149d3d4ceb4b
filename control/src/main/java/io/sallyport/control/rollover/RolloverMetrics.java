package io.sallyport.control.rollover;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.identity.issuance.AuthorityName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** How far a rollover is, in numbers; counted anew once a minute, because it takes everybody. */
public final class RolloverMetrics implements MetricsSource {
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final Rollover rollover;
  private final InstantSource clock;
  private Instant counted = Instant.EPOCH;
  private List<String> marks = List.of();
  private Optional<Progress> last = Optional.empty();

  /** Numbers of that rollover. */
  public RolloverMetrics(Rollover rollover, InstantSource clock) {
    this.rollover = rollover;
    this.clock = clock;
  }

  @Override
  public void collect(Consumer<Metric> out) {
    var progress = progress();
    for (var name : List.of(AuthorityName.DEVICES, AuthorityName.ROOT)) {
      var of = progress.filter(one -> one.name() == name);
      gauge(
          out,
          "under_way",
          "Whether one CA follows another: 1, or 0.",
          name,
          of.isPresent() ? 1 : 0);
    }
    for (var name : List.of(AuthorityName.DEVICES, AuthorityName.ROOT)) {
      gauge(
          out,
          "devices",
          "Devices and backends that are active and have a certificate, while one CA follows"
              + " another.",
          name,
          progress.filter(one -> one.name() == name).map(Progress::present).orElse(0L));
    }
    for (var name : List.of(AuthorityName.DEVICES, AuthorityName.ROOT)) {
      gauge(
          out,
          "trusting",
          "Of those, who is known to trust the new CA.",
          name,
          progress.filter(one -> one.name() == name).map(Progress::trusting).orElse(0L));
    }
    for (var name : List.of(AuthorityName.DEVICES, AuthorityName.ROOT)) {
      gauge(
          out,
          "ready",
          "Of those, whom the end of the old CA takes nothing from.",
          name,
          progress.filter(one -> one.name() == name).map(Progress::ready).orElse(0L));
    }
  }

  private synchronized Optional<Progress> progress() {
    var now = clock.instant();
    var seen = rollover.marks();
    if (!seen.equals(marks) || !counted.plus(FRESH).isAfter(now) || counted.isAfter(now)) {
      last = rollover.progress();
      counted = now;
      marks = seen;
    }
    return last;
  }

  private static void gauge(
      Consumer<Metric> out, String what, String help, AuthorityName name, double value) {
    out.accept(
        new Metric(
            "sallyport_ca_rollover_" + what,
            help,
            Type.GAUGE,
            Map.of("authority", name.word()),
            value));
  }
}
