package io.sallyport.control.rest;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enforcement.ServerPins;
import io.sallyport.control.pins.Pins;
import java.util.Map;
import java.util.function.Consumer;

/** Until when devices can know the server, in numbers. */
final class PinMetrics implements MetricsSource {
  private final Pins pins;
  private final ServerPins server;

  PinMetrics(Pins pins, ServerPins server) {
    this.pins = pins;
    this.server = server;
  }

  @Override
  public void collect(Consumer<Metric> out) {
    var calendar = pins.calendar(server);
    gauge(out, "pin_sets", "Sets of pins that devices have.", calendar.deployed().size());
    gauge(
        out,
        "pin_warnings",
        "What somebody has to see to so that devices go on knowing the server.",
        calendar.warnings().size());
    calendar
        .firstEnd()
        .ifPresent(
            end ->
                gauge(
                    out,
                    "pins_servable_until_seconds",
                    "When the first key that devices hold on to (or would, if they were flashed"
                        + " now) can no longer be served, in seconds since 1970.",
                    (double) end.getEpochSecond()));
  }

  private static void gauge(Consumer<Metric> out, String name, String help, double value) {
    out.accept(new Metric("sallyport_" + name, help, Type.GAUGE, Map.of(), value));
  }
}
