package io.sallyport.cli.jobs;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.terminal.Colour;
import io.sallyport.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How far a job has come: a bar for each status that some device has. */
final class ProgressPicture {
  private static final int BAR_WIDTH = 40;
  private static final List<String> STATUSES =
      List.of(
          "SUCCEEDED",
          "IN_PROGRESS",
          "QUEUED",
          "FAILED",
          "TIMED_OUT",
          "REJECTED",
          "CANCELED",
          "REMOVED");

  /** One line, and in which colour it is drawn. */
  record Line(String text, Colour colour) {}

  private ProgressPicture() {}

  /** The lines for a job. */
  static List<Line> of(Answer job) {
    var progress = job.object("progress");
    long waiting = job.number("waiting");
    long total = waiting + STATUSES.stream().mapToLong(progress::number).sum();
    var lines = new ArrayList<Line>();
    for (var status : STATUSES) {
      long count = progress.number(status);
      if (count > 0) {
        lines.add(new Line(line(status, count, total), colour(status)));
      }
    }
    if (waiting > 0) {
      lines.add(new Line(line("waiting", waiting, total), Colour.HEADING));
    }
    return lines;
  }

  static void print(Terminal terminal, Answer job) {
    of(job).forEach(line -> terminal.line(line.colour(), line.text()));
  }

  private static String line(String status, long count, long total) {
    // One step at least, so that nobody is overlooked.
    int filled = (int) Math.max(1, count * BAR_WIDTH / total);
    return String.format(
        Locale.ROOT,
        "%-11s [%s%s] %8d  %5.1f %%",
        status,
        "#".repeat(filled),
        "-".repeat(BAR_WIDTH - filled),
        count,
        count * 100.0 / total);
  }

  private static Colour colour(String status) {
    return switch (status) {
      case "SUCCEEDED" -> Colour.GOOD;
      case "FAILED", "TIMED_OUT", "REJECTED" -> Colour.BAD;
      case "CANCELED", "REMOVED" -> Colour.WARNING;
      default -> Colour.HEADING;
    };
  }
}
