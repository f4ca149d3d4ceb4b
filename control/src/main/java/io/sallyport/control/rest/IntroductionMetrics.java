package io.sallyport.control.rest;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enrolment.introduction.IntroductionDesk;
import java.util.Map;
import java.util.function.Consumer;

/** The alarms about certificates that introduce devices. */
final class IntroductionMetrics implements MetricsSource {
  private final IntroductionDesk desk;

  IntroductionMetrics(IntroductionDesk desk) {
    this.desk = desk;
  }

  @Override
  public void collect(Consumer<Metric> out) {
    out.accept(
        new Metric(
            "sallyport_manufacturer_refusals_total",
            "Manufacturers' certificates at the EST door that were good for nothing.",
            Type.COUNTER,
            Map.of(),
            desk.refusals()));
    desk.claims()
        .abuses()
        .forEach(
            (why, count) ->
                out.accept(
                    new Metric(
                        "sallyport_claim_abuses_total",
                        "Claims shown outside of their window, beyond their count, after their end,"
                            + " too fast or for other ids.",
                        Type.COUNTER,
                        Map.of("why", why.word()),
                        count)));
  }
}
