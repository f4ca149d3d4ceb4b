package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Colour;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Progress;
import io.sallyport.cli.terminal.Surroundings;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drain}. */
@Command(
    name = "drain",
    description =
        "Let no device in any more and send away who is connected, at a bounded rate; shows how"
            + " far it has come, and ends when nobody is left. It goes on if this command is"
            + " interrupted, until 'undrain' or the end of the server.",
    footerHeading = "%nExample:%n",
    footer = "  sallyport drain --to gate2.example.org:8883 --rate 200/s")
public final class DrainCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Pattern RATE = Pattern.compile("([0-9]{1,6})(/s)?");

  private final Surroundings surroundings;

  @Option(
      names = "--to",
      paramLabel = "HOST:PORT",
      description = "Where MQTT 5 devices are told to go (default: drain.to of the server).")
  private @Nullable String to;

  @Option(names = "--moved", description = "They are to go there from now on, not only this time.")
  private boolean moved;

  @Option(
      names = "--rate",
      paramLabel = "N/s",
      description = "Most devices in a second (default: drain.rate of the server).")
  private @Nullable String rate;

  @Option(names = "--no-wait", description = "End when it has begun.")
  private boolean noWait;

  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public DrainCommand(Surroundings surroundings, Connection connection) {
    this.surroundings = surroundings;
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var order = Json.mapper().createObjectNode();
    if (to != null) {
      order.put("to", to);
    }
    if (moved) {
      order.put("moved", true);
    }
    if (rate != null) {
      order.put("rate", perSecond(rate));
    }
    try (var control = connection.open()) {
      var status = control.post("drain", order);
      return ended(noWait ? status : watched(control, status));
    }
  }

  private static int perSecond(String text) {
    var matcher = RATE.matcher(text);
    if (!matcher.matches()) {
      throw Failure.badInput("--rate is a number of devices a second such as 200/s, not " + text);
    }
    return Integer.parseInt(matcher.group(1));
  }

  private Answer watched(ControlClient control, Answer begun) {
    var total = begun.number("remaining");
    if (total == 0) {
      return begun;
    }
    try (var progress = new Progress(surroundings, "sent away", total)) {
      var left = total;
      var status = begun;
      while (left > 0 && status.flag("draining")) {
        surroundings.pause().of(POLL);
        status = control.get("drain");
        // A device that was being let in at the beginning may come on top.
        var now = Math.min(left, status.number("remaining"));
        progress.advance(left - now);
        left = now;
      }
      return status;
    } catch (InterruptedException e) {
      // The person has seen enough; the server goes on.
      Thread.currentThread().interrupt();
      return control.get("drain");
    }
  }

  private int ended(Answer status) {
    var terminal = surroundings.terminal();
    if (format.json()) {
      Json.print(terminal, status.json());
    } else if (status.flag("draining")) {
      terminal.line(
          Colour.GOOD,
          "draining: "
              + status.number("sent")
              + " sent away, "
              + status.number("remaining")
              + " connected");
    } else {
      terminal.line(Colour.BAD, "the drain was ended: devices are let in again");
    }
    return status.flag("draining") ? 0 : 1;
  }
}
