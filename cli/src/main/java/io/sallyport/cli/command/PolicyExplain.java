package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.PrincipalId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code policy explain}: what one device may do, by which statement, or what is missing. */
@Command(
    name = "explain",
    description = {
      "Explain what a device or backend may do, and why.",
      "",
      "Shows the statement that decides, those that nearly applied and what they lack, and the",
      "smallest change that would allow what is denied. Exit code 1 if it is denied."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  sallyport policy explain --device device-001 --publish devices/device-001/events/door",
      "  sallyport policy explain --device device-001 --receive plant/7 --set aws:SourceIp=10.0.0.7"
    })
public final class PolicyExplain implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = {"--device", "--backend"},
      paramLabel = "ID",
      required = true,
      description = "Who would do it.")
  private String principal = "";

  @ArgGroup(multiplicity = "1")
  private Asked asked = new Asked();

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description = "The client id of the session. Default: the device's own id.")
  private @Nullable String clientId;

  @Option(names = "--retain", description = "With --publish: as a retained message.")
  private boolean retain;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "Read policies so: strict or aws-compat. Default: as the listener on which it is"
              + " connected, or the first one.")
  private @Nullable String mode;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Take a condition key for granted; again for each of several values.")
  private List<String> facts = List.of();

  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** What is asked for: exactly one of these. */
  static final class Asked {
    @Option(names = "--publish", paramLabel = "TOPIC", description = "Publish there.")
    private @Nullable String publish;

    @Option(names = "--subscribe", paramLabel = "FILTER", description = "Subscribe to that.")
    private @Nullable String subscribe;

    @Option(names = "--receive", paramLabel = "TOPIC", description = "Receive from there.")
    private @Nullable String receive;

    @Option(names = "--connect", paramLabel = "ID", description = "Connect with that client id.")
    private @Nullable String connect;

    void into(ObjectNode body) {
      if (publish != null) {
        body.put("action", "iot:Publish").put("name", publish);
      } else if (subscribe != null) {
        body.put("action", "iot:Subscribe").put("name", subscribe);
      } else if (receive != null) {
        body.put("action", "iot:Receive").put("name", receive);
      } else {
        body.put("action", "iot:Connect").put("name", connect);
      }
    }
  }

  /** The command, with the way to the server. */
  public PolicyExplain(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var body = body();
    try (var control = connection.open()) {
      var answer = control.post("policies/explain", body);
      if (format.json()) {
        Json.print(terminal, answer.json());
      } else {
        print(answer);
      }
      return answer.flag("allowed") ? 0 : 1;
    }
  }

  private ObjectNode body() {
    if (!PrincipalId.isValid(principal)) {
      throw Failure.badInput(
          "an id has 1 to 128 characters of A-Z a-z 0-9 : _ -, not '" + principal + "'");
    }
    var body = Json.mapper().createObjectNode().put("principal", principal);
    asked.into(body);
    body.put("retain", retain);
    if (clientId != null) {
      body.put("clientId", clientId);
    }
    if (mode != null) {
      body.put("mode", mode);
    }
    var set = body.putObject("set");
    for (var fact : facts) {
      int equals = fact.indexOf('=');
      if (equals < 1) {
        throw Failure.badInput("--set needs KEY=VALUE, not '" + fact + "'");
      }
      set.withArrayProperty(fact.substring(0, equals)).add(fact.substring(equals + 1));
    }
    return body;
  }

  private void print(Answer answer) {
    terminal.line(
        (answer.flag("allowed") ? "ALLOWED " : "DENIED ")
            + answer.text("action")
            + " "
            + answer.text("name")
            + ": "
            + answer.text("explanation"));
    if (!answer.text("standing").equals("active")) {
      terminal.line("but " + answer.text("principal") + " is " + answer.text("standing"));
    }
    for (var considered : answer.objects("considered")) {
      var failed = considered.objects("failed");
      terminal.line(
          (failed.isEmpty() ? "also " : "nearly ")
              + considered.text("effect")
              + " "
              + statement(considered.object("statement")));
      failed.forEach(this::printFailure);
    }
    for (var change : answer.objects("changes")) {
      terminal.line(
          (change.text("kind").equals("add-statement")
                  ? "to allow it, add the statement "
                  : "to allow it, add to the Deny " + statement(change.object("statement")) + " ")
              + change.object("json").json());
    }
  }

  private void printFailure(Answer failure) {
    terminal.line("  " + failure.text("what") + lacking(failure));
  }

  private static String lacking(Answer failure) {
    var expected = failure.texts("expected");
    var actual = failure.texts("actual");
    return (expected.isEmpty() ? "" : " needs " + String.join(" or ", expected))
        + (actual.isEmpty() ? ": there is no value" : ": it is " + String.join(", ", actual));
  }

  private static String statement(Answer ref) {
    var sid = ref.text("sid");
    return ref.text("policy")
        + " v"
        + ref.number("version")
        + " statement "
        + ref.number("index")
        + (sid.isEmpty() ? "" : " (" + sid + ")")
        + " line "
        + ref.number("line");
  }
}
