package io.sallyport.cli.jobs;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code job}: what devices are to do. */
@Command(name = "job", description = "Give devices jobs, see how far they are, and end jobs.")
public final class JobCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String JOB = "Its name.";
  private static final String AT = "jobs";
  private static final int EXECUTIONS_SHOWN = 100;
  // Bound: bytes of a document; the server takes less.
  private static final int DOCUMENT_MAX = 96 * 1024;
  private static final Duration WATCH_EVERY = Duration.ofSeconds(2);

  private final Surroundings surroundings;
  private final Terminal terminal;

  /** The commands. */
  public JobCommands(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "Make a job of a document that devices get.",
        "",
        "Devices are given it at its pace, and report how it ended: docs/jobs.md."
      },
      footerHeading = EXAMPLE,
      footer =
          "  sallyport job create update-7 --document update.json --group lamps --per-minute 50")
  int create(
      @Parameters(paramLabel = "JOB", description = JOB) String job,
      @Option(
              names = "--document",
              required = true,
              paramLabel = "FILE",
              description = "What devices get, a JSON object; - for the standard input.")
          String document,
      @Option(names = "--description", paramLabel = "TEXT", description = "What it is about.")
          @Nullable String description,
      @Mixin JobSettings settings,
      @Mixin Format format,
      @Mixin Connection connection) {
    path(job);
    var body = settings.body(terminal);
    body.put("jobId", job);
    var text = InputFile.read(document, DOCUMENT_MAX, terminal).text();
    body.set("document", JobSettings.object(text, document));
    if (description != null) {
      body.put("description", description);
    }
    try (var control = connection.open()) {
      var made = control.post(AT, body);
      var targets =
          made.flag("continuous")
              ? "for whoever is or becomes a target"
              : "for " + made.number("waiting") + " devices";
      format.print(
          terminal, made.json(), "job " + job + " is " + made.text("status") + ", " + targets);
    }
    return 0;
  }

  @Command(
      description = "List the jobs.",
      footerHeading = EXAMPLE,
      footer = "  sallyport job list --status IN_PROGRESS")
  int list(
      @Option(
              names = "--status",
              paramLabel = "STATUS",
              description = "Only those: SCHEDULED, IN_PROGRESS, CANCELED or COMPLETED.")
          @Nullable String status,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var jobs = Pages.all(control, AT + query(status), "jobs");
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        jobs.forEach(json.putArray("jobs")::add);
        Json.print(terminal, json);
        return 0;
      }
      var table = Table.of("JOB", "STATUS", "KIND", "BY", "MADE", "DESCRIPTION");
      for (var job : jobs.stream().map(Answer::new).toList()) {
        table.row(
            job.text("jobId"),
            job.text("status"),
            job.flag("continuous") ? "continuous" : "snapshot",
            job.text("createdBy"),
            job.text("createdAt"),
            job.text("description"));
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = "Show one job and how far it has come.",
      footerHeading = EXAMPLE,
      footer = "  sallyport job show update-7 --watch")
  int show(
      @Parameters(paramLabel = "JOB", description = JOB) String job,
      @Option(names = "--watch", description = "Again and again, until the job has ended.")
          boolean watch,
      @Mixin Format format,
      @Mixin Connection connection)
      throws InterruptedException {
    try (var control = connection.open()) {
      var path = path(job);
      var shown = control.get(path);
      print(format, watch, shown);
      while (watch && isAlive(shown) && !terminal.out().checkError()) {
        surroundings.pause().of(WATCH_EVERY);
        var next = control.get(path);
        if (!next.json().equals(shown.json())) {
          terminal.out().println();
          print(format, true, next);
        }
        shown = next;
      }
    }
    return 0;
  }

  @Command(
      description = {
        "Cancel a job: nobody begins with it any more.",
        "",
        "Who has begun may finish; with --force it is cancelled for these, too."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport job cancel update-7 --force --comment 'wrong image'")
  int cancel(
      @Parameters(paramLabel = "JOB", description = JOB) String job,
      @Parameters(
              arity = "0..1",
              paramLabel = "DEVICE",
              description = "Only for this device; the job goes on.")
          @Nullable String device,
      @Option(names = "--force", description = "Although it was begun.") boolean force,
      @Option(
              names = "--reason",
              paramLabel = "CODE",
              description = "A word for why, of A-Z 0-9 and _.")
          @Nullable String reason,
      @Option(names = "--comment", paramLabel = "TEXT", description = "A sentence for why.")
          @Nullable String comment,
      @Mixin Format format,
      @Mixin Connection connection) {
    var path = path(job);
    var body = Json.mapper().createObjectNode().put("force", force);
    if (device != null && (reason != null || comment != null)) {
      throw Failure.badInput("--reason and --comment are kept for a whole job only");
    }
    if (reason != null) {
      body.put("reasonCode", reason);
    }
    if (comment != null) {
      body.put("comment", comment);
    }
    try (var control = connection.open()) {
      if (device != null) {
        var at = path + "/executions/" + ControlClient.segment(device) + "/cancel";
        var answer = control.post(at, body);
        format.print(
            terminal,
            answer.json(),
            "job " + job + " is " + answer.text("status") + " for " + device);
        return 0;
      }
      var answer = control.post(path + "/cancel", body);
      format.print(terminal, answer.json(), "job " + job + " is " + answer.text("status"));
    }
    return 0;
  }

  @Command(
      description = "Delete a job with everything that is known of it.",
      footerHeading = EXAMPLE,
      footer = "  sallyport job delete update-7")
  int delete(
      @Parameters(paramLabel = "JOB", description = JOB) String job,
      @Option(names = "--force", description = "Although devices are not done with it.")
          boolean force,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var answer = control.delete(path(job) + (force ? "?force=true" : ""));
      format.print(terminal, answer.json(), "job " + job + " is gone");
    }
    return 0;
  }

  @Command(
      description = "List the devices of a job, or with --device the jobs of a device.",
      footerHeading = EXAMPLE,
      footer = "  sallyport job executions update-7 --status FAILED")
  int executions(
      @Parameters(arity = "0..1", paramLabel = "JOB", description = JOB) @Nullable String job,
      @Option(
              names = "--device",
              paramLabel = "ID",
              description = "Every attempt of this device; its jobs, where no JOB is given.")
          @Nullable String device,
      @Option(
              names = "--status",
              paramLabel = "STATUS",
              description = "Only those: QUEUED, IN_PROGRESS, FAILED and so on.")
          @Nullable String status,
      @Option(names = "--limit", paramLabel = "N", description = "So many at most; default: 100.")
          int limit,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (limit < 0) {
      throw Failure.badInput("--limit must be at least 1, not " + limit);
    }
    if (job == null && device == null) {
      throw Failure.badInput("whose executions? Give a JOB, or --device");
    }
    int most = limit == 0 ? EXECUTIONS_SHOWN : limit;
    try (var control = connection.open()) {
      var found =
          job != null && device != null
              ? control
                  .get(path(job) + "/executions/" + ControlClient.segment(device))
                  .json()
                  .path("attempts")
                  .valueStream()
                  .toList()
              : Pages.first(control, collection(job, device) + query(status), "executions", most);
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        found.forEach(json.putArray("executions")::add);
        Json.print(terminal, json);
        return 0;
      }
      var table = Table.of("JOB", "DEVICE", "#TRY", "STATUS", "SINCE", "DETAILS");
      for (var one : found.stream().map(Answer::new).toList()) {
        table.row(
            one.text("jobId"),
            one.text("device"),
            String.valueOf(one.number("executionNumber")),
            one.text("status"),
            one.text("lastUpdatedAt"),
            one.pairs("statusDetails"));
      }
      table.print(terminal);
    }
    return 0;
  }

  private static String collection(@Nullable String job, @Nullable String device) {
    return job == null
        ? "devices/" + ControlClient.segment(String.valueOf(device)) + "/jobs"
        : path(job) + "/executions";
  }

  private void print(Format format, boolean watch, Answer job) {
    if (format.json()) {
      if (watch) {
        Json.printLine(terminal, job.json());
      } else {
        Json.print(terminal, job.json());
      }
      return;
    }
    var facts = Table.of("FACT", "VALUE");
    facts.row("job", job.text("jobId"));
    facts.row("status", job.text("status"));
    facts.row("kind", job.flag("continuous") ? "continuous" : "snapshot");
    if (!job.text("description").isEmpty()) {
      facts.row("description", job.text("description"));
    }
    facts.row("made", job.text("createdAt") + " by " + job.text("createdBy"));
    if (!isAlive(job)) {
      facts.row("ended", job.text("changedAt") + " by " + job.text("changedBy"));
    }
    job.optionalText("reasonCode").ifPresent(reason -> facts.row("reason", reason));
    job.optionalText("comment").ifPresent(comment -> facts.row("comment", comment));
    job.optionalText("nextWindow").ifPresent(at -> facts.row("next window", at));
    facts.print(terminal);
    terminal.out().println();
    ProgressPicture.print(terminal, job);
  }

  private static boolean isAlive(Answer job) {
    return job.text("status").equals("SCHEDULED") || job.text("status").equals("IN_PROGRESS");
  }

  private static String query(@Nullable String status) {
    return status == null ? "" : "?status=" + ControlClient.segment(status);
  }

  private static String path(String job) {
    if (!job.matches("[a-zA-Z0-9_-]{1,64}")) {
      throw Failure.badInput(
          "a job's name has 1 to 64 characters of A-Z a-z 0-9 _ -, not '" + job + "'");
    }
    return AT + "/" + job;
  }
}
