package io.sallyport.control.publication;

import io.sallyport.control.enforcement.MetricsSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The age of revocation lists, and what was asked and answered. */
record PublicationMetrics(
    List<RevocationLists> lists,
    List<StatusAnswers> statuses,
    LongSupplier failures,
    InstantSource clock)
    implements MetricsSource {
  @Override
  public void collect(Consumer<Metric> out) {
    var now = clock.instant();
    var whole =
        lists.stream()
            .flatMap(some -> some.all().stream())
            .filter(list -> list.name().partition() == null)
            .toList();
    for (var list : whole) {
      gauge(
          out,
          "sallyport_crl_age_seconds",
          "Time since the revocation list was made.",
          list,
          Duration.between(list.thisUpdate(), now).toMillis() / 1e3);
    }
    for (var list : whole) {
      gauge(
          out,
          "sallyport_crl_remaining_seconds",
          "Time until the revocation list ends, and who checks it refuses everybody.",
          list,
          Duration.between(now, list.nextUpdate()).toMillis() / 1e3);
    }
    for (var list : whole) {
      gauge(
          out,
          "sallyport_crl_number",
          "Number of the revocation list.",
          list,
          (double) list.number());
    }
    for (var list : whole) {
      gauge(
          out,
          "sallyport_crl_entries",
          "Certificates in the revocation list.",
          list,
          list.entries());
    }
    counter(
        out,
        "sallyport_crl_failures_total",
        "Times that revocation lists could not be made.",
        Map.of(),
        failures.getAsLong());
    for (var outcome : StatusAnswers.Outcome.values()) {
      counter(
          out,
          "sallyport_ocsp_answers_total",
          "Answers to requests for the status of certificates, by what they said.",
          Map.of("answer", outcome.word()),
          statuses.stream().mapToLong(one -> one.answered(outcome)).sum());
    }
    counter(
        out,
        "sallyport_ocsp_signatures_total",
        "Answers that were signed for it, and not kept from before.",
        Map.of(),
        statuses.stream().mapToLong(StatusAnswers::signed).sum());
    out.accept(
        new Metric(
            "sallyport_ocsp_kept_answers",
            "Signed answers that are kept.",
            Type.GAUGE,
            Map.of(),
            statuses.stream().mapToInt(StatusAnswers::kept).sum()));
  }

  private static void gauge(
      Consumer<Metric> out, String name, String help, SignedList list, double value) {
    out.accept(new Metric(name, help, Type.GAUGE, Map.of("list", list.name().text()), value));
  }

  private static void counter(
      Consumer<Metric> out, String name, String help, Map<String, String> labels, long value) {
    out.accept(new Metric(name, help, Type.COUNTER, labels, value));
  }
}
