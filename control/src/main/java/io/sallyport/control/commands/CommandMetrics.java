package io.sallyport.control.commands;

import io.sallyport.control.enforcement.MetricsSource;
import java.util.Map;
import java.util.function.Consumer;

/** How many commands have which status, and what receipts say. */
public final class CommandMetrics implements MetricsSource {
  private final Commands commands;

  /** The numbers of a registry's commands. */
  public CommandMetrics(Commands commands) {
    this.commands = commands;
  }

  @Override
  public void collect(Consumer<Metric> out) {
    commands
        .count(null)
        .forEach(
            (status, count) ->
                out.accept(
                    new Metric(
                        "sallyport_commands",
                        "Signed commands of the last 30 days, by what is known of them.",
                        Type.GAUGE,
                        Map.of("status", status.word()),
                        count)));
    commands
        .receipts()
        .each(
            (result, count) ->
                out.accept(
                    new Metric(
                        "sallyport_command_receipts_total",
                        "Receipts of devices by what they say; disbelieved: not that device's, or"
                            + " for no command that it was sent.",
                        Type.COUNTER,
                        Map.of("result", result),
                        count)));
  }
}
