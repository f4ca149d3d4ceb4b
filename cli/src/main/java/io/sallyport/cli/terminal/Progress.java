package io.sallyport.cli.terminal;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** How far a long command has come: a bar that is redrawn for a person, plain lines otherwise. */
public final class Progress implements AutoCloseable {
  private static final int BAR_WIDTH = 30;
  // Bound: so many plain lines at most for one command.
  private static final int PLAIN_STEPS = 20;

  private final Terminal terminal;
  private final LongSupplier nanos;
  private final String what;
  private final long total;
  private final long begun;
  private long done;
  private long plainSteps;
  private boolean drawn;

  /** Begins at nothing done; {@code what} follows the numbers, as in "5 of 9 enrolled". */
  public Progress(Surroundings surroundings, String what, long total) {
    this.terminal = surroundings.terminal();
    this.nanos = surroundings.nanos();
    this.what = what;
    this.total = total;
    this.begun = nanos.getAsLong();
  }

  /** Some more are done. */
  public void advance(long more) {
    done += more;
    if (terminal.interactive()) {
      terminal.err().print("\r" + bar());
      terminal.err().flush();
      drawn = true;
    } else if (done * PLAIN_STEPS / total > plainSteps) {
      plainSteps = done * PLAIN_STEPS / total;
      terminal.note(count());
    }
  }

  /** Leaves the bar on its line. */
  @Override
  public void close() {
    if (drawn) {
      terminal.err().println();
    }
  }

  private String bar() {
    var filled = (int) (done * BAR_WIDTH / total);
    var bar = "#".repeat(filled) + "-".repeat(BAR_WIDTH - filled);
    // Padded, so that what a longer line left behind is covered.
    return "[%s] %-50s".formatted(bar, count() + remaining());
  }

  private String count() {
    return done + " of " + total + " " + what;
  }

  private String remaining() {
    if (done == 0 || done == total) {
      return "";
    }
    var passed = (double) Math.max(1, nanos.getAsLong() - begun);
    var left = Duration.ofNanos((long) (passed * (total - done) / done)).toSeconds();
    return String.format(Locale.ROOT, ", %.0f/s, %d s left", done * 1e9 / passed, left);
  }
}
