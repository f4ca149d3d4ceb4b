package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Span;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code command send}. */
@Command(
    name = "send",
    description = {
      "Sign a command for a device and send it.",
      "",
      "The device does it once, if its firmware allows the command to this key, and answers with a"
          + " receipt that it signs. true, false and whole numbers are what they look like, all"
          + " else is text; KEY:=JSON for lists, objects, and texts such as \"5\"."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sallyport command send device-001 reboot delay=5 --wait",
      "  sallyport command send --group lamps set-level level=40 --expires 10m",
      "  sallyport command send device-001 set-pin pin:='\"0042\"'"
    })
public final class CommandSend implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Set<String> OPEN = Set.of("pending", "delivered");
  private static final Set<String> SAYS_NO = Set.of("failed", "refused", "expired", "cancelled");

  private final Surroundings surroundings;
  private final Terminal terminal;

  @Parameters(
      arity = "1..*",
      paramLabel = "DEVICE NAME [KEY=VALUE...]",
      description = "The device (not with --group), the command's name, and its arguments.")
  private List<String> words = List.of();

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "A command for each active device of this group, instead of one device.")
  private @Nullable String group;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description =
          "How long it holds, such as 60s or 12h; default: the server's commands.expires.")
  private @Nullable String expires;

  @Option(
      names = "--wait",
      description = "Until it is answered or expires; exit code 1 unless it was done.")
  private boolean wait;

  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public CommandSend(Surroundings surroundings, Connection connection) {
    this.surroundings = surroundings;
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var left = new ArrayList<>(words);
    var device = group == null ? left.removeFirst() : null;
    if (left.isEmpty() || left.getFirst().contains("=")) {
      throw Failure.badInput(
          "the command's name is missing: sallyport command send DEVICE NAME [KEY=VALUE...]");
    }
    if (wait && group != null) {
      throw Failure.badInput(
          "--wait is for one device; see 'sallyport command show ID' for a group's progress");
    }
    var body = Json.mapper().createObjectNode().put("name", left.removeFirst());
    body.set("arguments", CommandArguments.of(left));
    if (expires != null) {
      body.put("expiresSeconds", Span.seconds("--expires", expires));
    }
    try (var control = connection.open()) {
      return device == null ? toGroup(control, body) : toDevice(control, device, body);
    }
  }

  private int toGroup(ControlClient control, tools.jackson.databind.node.ObjectNode body) {
    var path = "groups/" + ControlClient.segment(String.valueOf(group)) + "/commands";
    var sent = control.post(path, body);
    var passedOver = sent.texts("passedOver");
    format.print(
        terminal,
        sent.json(),
        "command "
            + sent.text("id")
            + " to "
            + sent.number("commands")
            + " devices of "
            + sent.text("group")
            + (passedOver.isEmpty() ? "" : "; passed over: " + String.join(" ", passedOver)));
    return 0;
  }

  private int toDevice(
      ControlClient control, String device, tools.jackson.databind.node.ObjectNode body) {
    var sent = control.post("devices/" + ControlClient.segment(device) + "/commands", body);
    if (wait) {
      sent = answered(control, sent);
    }
    format.print(terminal, sent.json(), line(sent));
    return wait && (SAYS_NO.contains(sent.text("status")) || isOpen(sent)) ? 1 : 0;
  }

  private Answer answered(ControlClient control, Answer sent) {
    var now = sent;
    try {
      while (isOpen(now)) {
        surroundings.pause().of(POLL);
        now = control.get("commands/" + sent.text("id"));
      }
    } catch (InterruptedException e) {
      // The person has seen enough; the server goes on.
      Thread.currentThread().interrupt();
    }
    return now;
  }

  private static boolean isOpen(Answer command) {
    return OPEN.contains(command.text("status"));
  }

  private static String line(Answer command) {
    var reason = command.optionalText("reason").map(text -> ": " + text).orElse("");
    var detail = command.optionalText("detail").map(text -> " (" + text + ")").orElse("");
    return "command " + command.text("id") + " is " + command.text("status") + reason + detail;
  }
}
