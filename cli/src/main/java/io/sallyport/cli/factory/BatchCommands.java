package io.sallyport.cli.factory;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Progress;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code batch}: what left the factory together. */
@Command(name = "batch", description = "Look at batches of the factory, close and kill them.")
public final class BatchCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final int MEMBERS_SHOWN = 100;

  private final Surroundings surroundings;
  private final Terminal terminal;

  /** The commands. */
  public BatchCommands(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = "List every batch.",
      footerHeading = EXAMPLE,
      footer = "  sallyport batch list")
  int list(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var batches = Pages.all(control, "batches", "batches");
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        batches.forEach(json.putArray("batches")::add);
        Json.print(terminal, json);
        return 0;
      }
      var table = Table.of("NAME", "STATE", "#DEVICES", "#WANTED", "BY", "MADE");
      for (var batch : batches.stream().map(Answer::new).toList()) {
        table.row(
            batch.text("name"),
            batch.text("state"),
            String.valueOf(batch.number("members")),
            String.valueOf(batch.number("wanted")),
            batch.text("createdBy"),
            batch.text("createdAt"));
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = "Show one batch and its devices.",
      footerHeading = EXAMPLE,
      footer = "  sallyport batch show B7 --limit 1000")
  int show(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(
              names = "--limit",
              paramLabel = "N",
              description = "So many devices at most; default: 100.")
          int limit,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (limit < 0) {
      throw Failure.badInput("--limit must be at least 1, not " + limit);
    }
    var path = Batch.path(name);
    try (var control = connection.open()) {
      var batch = control.get(path);
      int most = limit == 0 ? MEMBERS_SHOWN : limit;
      var members = Pages.first(control, path + "/members", "members", most);
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        json.set("batch", batch.json());
        members.forEach(json.putArray("members")::add);
        Json.print(terminal, json);
        return 0;
      }
      print(batch);
      var table = Table.of("DEVICE", "STANDING");
      members.stream()
          .map(Answer::new)
          .forEach(member -> table.row(member.text("id"), member.text("standing")));
      terminal.out().println();
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = "Let nobody else into a batch; its devices stay as they are.",
      footerHeading = EXAMPLE,
      footer = "  sallyport batch close B7")
  int close(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var batch = control.post(Batch.path(name) + "/close", Json.mapper().createObjectNode());
      format.print(terminal, batch.json(), "batch " + name + " is " + batch.text("state"));
    }
    return 0;
  }

  @Command(
      description = {
        "Kill a batch that burnt or leaked: every device of it is revoked, as by `device revoke`.",
        "",
        "From the first moment on nobody is enrolled into it any more. The devices are revoked in"
            + " portions of 100; if this command is interrupted the server goes on within a minute,"
            + " and so does the same command. There is no way back."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport batch kill B7 --reason keyCompromise")
  int kill(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(
              names = "--reason",
              paramLabel = "REASON",
              defaultValue = "keyCompromise",
              description = "Why, as in RFC 5280; default: keyCompromise.")
          String reason,
      @Mixin Format format,
      @Mixin Connection connection) {
    var path = Batch.path(name);
    try (var control = connection.open()) {
      var killed = kill(control, path, reason);
      format.print(
          terminal,
          killed.json(),
          "batch "
              + name
              + " is killed: all of its "
              + killed.number("members")
              + " devices are revoked");
    }
    return 0;
  }

  private Answer kill(ControlClient control, String path, String reason) {
    var body = Json.mapper().createObjectNode().put("reason", reason);
    var answer = control.post(path + "/kill", body);
    long left = answer.number("remaining");
    if (left == 0) {
      return answer;
    }
    // What the first call revoked is not counted: how many that were before is not known.
    try (var progress = new Progress(surroundings, "revoked", left)) {
      while (left > 0) {
        answer = control.post(path + "/kill", body);
        long now = answer.number("remaining");
        if (now >= left) {
          throw Failure.unavailable("the server does not go on with '" + path + "'");
        }
        progress.advance(left - now);
        left = now;
      }
      return answer;
    } catch (Failure failure) {
      throw failure.with("it goes on by itself, or with the same command");
    }
  }

  private void print(Answer batch) {
    var facts = Table.of("FACT", "VALUE");
    facts.row("name", batch.text("name"));
    facts.row("state", batch.text("state"));
    facts.row("devices", batch.number("members") + " of " + batch.number("wanted"));
    facts.row("made", batch.text("createdAt") + " by " + batch.text("createdBy"));
    if (!batch.text("state").equals("open")) {
      facts.row(batch.text("state"), batch.text("changedAt") + " by " + batch.text("changedBy"));
      batch.optionalText("reason").ifPresent(reason -> facts.row("reason", reason));
    }
    if (batch.json().has("remaining")) {
      facts.row("not revoked yet", String.valueOf(batch.number("remaining")));
    }
    facts.print(terminal);
  }
}
