package io.sallyport.cli.top;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code top}. */
@Command(
    name = "top",
    description = {
      "Watch the server: connections, message rates, denials, the busiest and the slowest devices.",
      "Ends with q. Where no person watches, it prints a line at a time."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  sallyport top", "  sallyport top --once --json"})
public final class TopCommand implements Callable<Integer> {
  private static final int COLUMNS = 80;
  private static final int ROWS = 24;
  private static final Duration KEY_WAIT = Duration.ofMillis(100);
  private static final Duration RATE_TIME = Duration.ofSeconds(1);

  private final Surroundings surroundings;
  private final Terminal terminal;

  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  @Option(names = "--once", description = "Look for one second, print it, and end.")
  private boolean once;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description = "Seconds between two looks, 1 to 3600 (default: 1).")
  private int interval;

  /** The command, with the way to the server. */
  public TopCommand(Surroundings surroundings, Connection connection) {
    this.surroundings = surroundings;
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (interval < 1 || interval > 3_600) {
      throw Failure.badInput("--interval must be 1 to 3600 seconds, not " + interval);
    }
    try (var control = connection.open()) {
      if (once) {
        once(control);
      } else if (terminal.interactive() && !format.json()) {
        live(control);
      } else {
        lines(control);
      }
    }
    return 0;
  }

  private void once(ControlClient control) throws InterruptedException {
    var first = look(control, null);
    surroundings.pause().of(RATE_TIME);
    var second = look(control, first);
    if (format.json()) {
      Json.print(terminal, second.json());
    } else {
      new Screen(second, COLUMNS, ROWS).lines().forEach(terminal::line);
    }
  }

  /** For a log or a pipe: until it is closed. */
  private void lines(ControlClient control) throws InterruptedException {
    @Nullable Snapshot before = null;
    while (!terminal.out().checkError()) {
      var now = look(control, before);
      if (before != null) {
        if (format.json()) {
          Json.printLine(terminal, now.json());
        } else {
          terminal.line(Screen.line(now));
        }
      }
      before = now.alone();
      surroundings.pause().of(Duration.ofSeconds(interval));
    }
  }

  private void live(ControlClient control) throws InterruptedException {
    try (var screen = new LiveTerminal(terminal)) {
      @Nullable Snapshot before = null;
      do {
        var now = look(control, before);
        var size = screen.size();
        screen.draw(new Screen(now, size[1], size[0]).lines());
        before = now.alone();
      } while (!isQuit(screen));
    }
  }

  /** Waits for the next look, or for somebody who wants to leave. */
  private boolean isQuit(LiveTerminal screen) throws InterruptedException {
    long end = surroundings.nanos().getAsLong() + Duration.ofSeconds(interval).toNanos();
    while (surroundings.nanos().getAsLong() < end) {
      for (int key = screen.key(); key != 0; key = screen.key()) {
        if (key == 'q' || key == 'Q' || key < 0) {
          return true;
        }
      }
      surroundings.pause().of(KEY_WAIT);
    }
    return false;
  }

  private Snapshot look(ControlClient control, @Nullable Snapshot before) {
    var status = control.get("status").json();
    var activity = control.get("activity?limit=20").json();
    return new Snapshot(status, activity, surroundings.nanos().getAsLong(), before);
  }
}
