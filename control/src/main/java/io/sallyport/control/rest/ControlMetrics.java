package io.sallyport.control.rest;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enrolment.authority.EnrolmentDesk;
import io.sallyport.control.ledger.LedgerSink;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.store.Database;
import java.util.Map;
import java.util.function.Consumer;

/** What control itself can tell in numbers. */
final class ControlMetrics implements MetricsSource {
  private final Database database;
  private final LedgerSink sink;
  private final EnrolmentDesk desk;

  ControlMetrics(Database database, LedgerSink sink, EnrolmentDesk desk) {
    this.database = database;
    this.sink = sink;
    this.desk = desk;
  }

  @Override
  public void collect(Consumer<Metric> out) {
    out.accept(
        new Metric(
            "sallyport_ledger_dropped_events_total",
            "Security events that came faster than the ledger took them.",
            Type.COUNTER,
            Map.of(),
            sink.dropped()));
    out.accept(
        new Metric(
            "sallyport_ledger_queued_events",
            "Security events that wait to be written.",
            Type.GAUGE,
            Map.of(),
            sink.queued()));
    desk.applications()
        .count()
        .forEach(
            (state, count) ->
                out.accept(
                    new Metric(
                        "sallyport_enrolment_applications",
                        "Devices that wait for an operator's approval, or waited.",
                        Type.GAUGE,
                        Map.of("state", state),
                        count)));
    database
        .read(Principals::count)
        .forEach(
            (kind, standings) ->
                standings.forEach(
                    (standing, count) ->
                        out.accept(
                            new Metric(
                                "sallyport_principals",
                                "Devices and backends in the registry.",
                                Type.GAUGE,
                                Map.of("kind", kind, "standing", standing),
                                count))));
  }
}
