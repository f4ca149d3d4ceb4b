package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rotate}: devices' certificates from one to the next. */
@Command(
    name = "rotate",
    addMethodSubcommands = false,
    description = "Rotate the certificates of devices, make-before-break, and see when they end.")
public final class RotateCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String ROTATION = "rotation";
  private static final String STATES = "states";

  // Bound: devices that are listed.
  private static final int STUCK_MAX = 50;
  private static final int BAR_COLUMNS = 50;

  private final Terminal terminal;

  /** The commands. */
  public RotateCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "Show how far rotation is: each wave with its devices that are due, asked, issued a new"
            + " certificate, proven with it, retired from the old one, or stuck; until when it is"
            + " done at the soonest; and who is stuck, and why."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport rotate status --json")
  int status(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var status = control.get(ROTATION);
      var stuck =
          Pages.first(control, ROTATION + "/devices?state=stuck", "devices", STUCK_MAX).stream()
              .map(Answer::new)
              .toList();
      if (format.json()) {
        var all = Json.mapper().createObjectNode();
        all.set(ROTATION, status.json());
        all.set("stuck", Json.mapper().valueToTree(stuck.stream().map(Answer::json).toList()));
        Json.print(terminal, all);
        return 0;
      }
      print(status, stuck);
    }
    return 0;
  }

  private void print(Answer status, List<Answer> stuck) {
    terminal.line(summary(status));
    var waves = status.objects("waves");
    if (!waves.isEmpty()) {
      var table =
          Table.of(
              "#WAVE",
              "BEGUN",
              "BY",
              "#DEVICES",
              "#DUE",
              "#ASKED",
              "#ISSUED",
              "#PROVEN",
              "#RETIRED",
              "#STUCK");
      for (var wave : waves) {
        boolean own = wave.number("number") == 0;
        var states = wave.object(STATES);
        table.row(
            own ? "-" : String.valueOf(wave.number("number")),
            wave.optionalText("begunAt").orElse("-"),
            own ? "the devices" : wave.optionalText("namedBy").orElse("pace"),
            String.valueOf(wave.number("devices")),
            count(states, "due"),
            count(states, "asked"),
            count(states, "issued"),
            count(states, "proven"),
            count(states, "retired"),
            count(states, "stuck"));
      }
      table.print(terminal);
    }
    if (!stuck.isEmpty()) {
      terminal.line("");
      var table = Table.of("STUCK", "WHY", "CAUSE", "#ASKED", "SINCE", "ITS CERTIFICATE ENDS");
      for (var one : stuck) {
        table.row(
            one.text("id"),
            one.text("why"),
            one.text("cause"),
            String.valueOf(one.number("asks")),
            one.optionalText("endedAt").orElse("-"),
            one.text("oldNotAfter"));
      }
      table.print(terminal);
    }
  }

  private static String summary(Answer status) {
    var begin =
        status.flag("paused")
            ? "paused by "
                + status.optionalText("pausedBy").orElse("system")
                + "; `sallyport rotate resume` goes on"
            : (status.flag("enabled") ? "on" : "only what operators name")
                + "; the next wave has "
                + status.number("nextWave")
                + " devices";
    var causes = status.pairs("causes");
    return begin
        + "; "
        + status.number("demanded")
        + " demanded wait"
        + (causes.isEmpty() ? "" : "; under way for " + causes)
        + status.optionalText("eta").map(eta -> "; done at the soonest " + eta).orElse("");
  }

  private static String count(Answer states, String state) {
    return String.valueOf(states.number(state));
  }

  @Command(
      description = {
        "Have devices rotated now, whatever their certificates say. Those named are asked at once;"
            + " a group or all devices follow in waves."
      },
      footerHeading = EXAMPLE,
      footer = {
        "  sallyport rotate start device-001 device-002",
        "  sallyport rotate start --group hall-7 --by 2026-12-24"
      })
  int start(
      @Parameters(paramLabel = "DEVICE", arity = "0..*", description = "Devices, at most 500.")
          @Nullable List<String> devices,
      @Option(names = "--group", paramLabel = "G", description = "The devices of a group.")
          @Nullable String group,
      @Option(names = "--all", description = "Every device.") boolean all,
      @Option(
              names = "--by",
              paramLabel = "DATE",
              description = "Until when, such as 2026-12-24 or 2026-12-24T12:00:00Z.")
          @Nullable String by,
      @Mixin Format format,
      @Mixin Connection connection) {
    boolean named = devices != null && !devices.isEmpty();
    if ((named ? 1 : 0) + (group == null ? 0 : 1) + (all ? 1 : 0) != 1) {
      throw Failure.badInput("name devices, or give --group or --all");
    }
    var body = Json.mapper().createObjectNode();
    if (named) {
      body.set("devices", Json.mapper().valueToTree(devices));
    } else if (all) {
      body.put("all", true);
    } else {
      body.put("group", group);
    }
    if (by != null) {
      body.put("by", instant(by).toString());
    }
    try (var control = connection.open()) {
      var answer = control.post(ROTATION + "/start", body);
      if (format.json()) {
        Json.print(terminal, answer.json());
        return 0;
      }
      terminal.line(
          named
              ? answer.number("devices") + " devices are asked"
              : answer.number("devices") + " devices follow in waves");
      var left = answer.texts("left");
      if (!left.isEmpty()) {
        terminal.line(
            "left out, because unknown, not active or rotating already: "
                + String.join(", ", left));
      }
    }
    return 0;
  }

  private static Instant instant(String text) {
    try {
      return text.length() == "2026-12-24".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw Failure.badInput(
          "--by is a date such as 2026-12-24 or a time such as 2026-12-24T12:00:00Z, not '"
              + text
              + "'");
    }
  }

  @Command(
      description = {
        "Hold rotation: no wave follows until it is resumed. Who was asked goes on, and devices"
            + " that are named are asked."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport rotate pause")
  int pause(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      hold(control, "pause", "no wave follows", format);
    }
    return 0;
  }

  @Command(
      description = "Go on with rotation, beginning with a first, small wave.",
      footerHeading = EXAMPLE,
      footer = "  sallyport rotate resume")
  int resume(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      hold(control, "resume", "waves follow", format);
    }
    return 0;
  }

  private void hold(ControlClient control, String what, String line, Format format) {
    var answer = control.post(ROTATION + "/" + what, Json.mapper().createObjectNode());
    format.print(
        terminal, answer.json(), line + (answer.flag("changed") ? "" : ", as it was already"));
  }

  @Command(
      description = "Draw when the certificates of devices and backends end over the coming year.",
      footerHeading = EXAMPLE,
      footer = "  sallyport rotate expiry --week")
  int expiry(
      @Option(names = "--week", description = "Week by week instead of month by month.")
          boolean week,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var picture = control.get(ROTATION + "/expiry?by=" + (week ? "week" : "month"));
      if (format.json()) {
        Json.print(terminal, picture.json());
        return 0;
      }
      draw(picture);
    }
    return 0;
  }

  private void draw(Answer picture) {
    var spans = picture.objects("spans");
    long most = spans.stream().mapToLong(one -> one.number("certificates")).max().orElse(0);
    var table = Table.of("FROM", "#END", "#REPLACED", "CERTIFICATES (+ REPLACED ALREADY)");
    for (var one : spans) {
      long all = one.number("certificates");
      long replaced = one.number("replaced");
      int columns = columns(all, most);
      int plus = all == 0 ? 0 : (int) Math.ceilDiv(columns * replaced, all);
      table.row(
          one.text("from"),
          String.valueOf(all),
          String.valueOf(replaced),
          "#".repeat(columns - plus) + "+".repeat(plus));
    }
    table.print(terminal);
    terminal.line(
        picture.number("later")
            + " end later; "
            + picture.number("overdue")
            + " have ended just now");
  }

  /** At least one for whatever is there at all. */
  private static int columns(long count, long most) {
    return count == 0 ? 0 : (int) Math.ceilDiv(count * BAR_COLUMNS, most);
  }
}
