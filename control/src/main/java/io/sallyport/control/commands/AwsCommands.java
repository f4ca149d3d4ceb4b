package io.sallyport.control.commands;

import io.sallyport.control.commands.CommandTable.Said;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.messaging.Request;
import io.sallyport.control.messaging.TopicService.Trouble;
import io.sallyport.control.provisioning.template.StrictJson;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.command.CommandId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The device side of AWS IoT Commands: {@code $aws/commands/things/<id>/executions/<execution>/…}.
 * What a device says there is not signed, only let in by the gate; a receipt stands over it.
 */
final class AwsCommands {
  static final String PREFIX = "$aws/commands/things/";
  static final String FILTER = PREFIX + "+/executions/+/response/json";

  private static final Pattern TOPIC =
      Pattern.compile("\\$aws/commands/things/([^/]+)/executions/([^/]+)/response/json");
  private static final int LENGTH_MAX = 4096;
  private static final int DETAIL_MAX = 128;
  private static final JsonMapper JSON = StrictJson.mapper(8);

  private record Execution(PrincipalId device, CommandId command) {}

  List<Publication> answer(Handle handle, Request request) {
    var about = execution(request.topic());
    if (about.isEmpty()) {
      return refused(request, "ResourceNotFound", "there is no such execution");
    }
    var found = CommandTable.find(handle, about.get().command());
    if (found.isEmpty() || !found.get().device().equals(about.get().device())) {
      return refused(request, "ResourceNotFound", "there is no such execution");
    }
    try {
      if (request.payload().length > LENGTH_MAX) {
        return refused(request, "InvalidRequest", "at most " + LENGTH_MAX + " bytes");
      }
      return update(handle, request, found.get(), JSON.readTree(request.payload()));
    } catch (JacksonException e) {
      return refused(request, "InvalidJson", "the payload is not well-formed JSON");
    }
  }

  private static List<Publication> update(
      Handle handle, Request request, CommandRecord command, JsonNode document) {
    var word = document.path("status").asString("");
    if (word.equals("IN_PROGRESS")) {
      return command.status().isOpen()
          ? accepted(request, command.id())
          : refused(request, "TerminalStateReached", "it is " + command.status().word());
    }
    var status = status(word);
    if (status.isEmpty()) {
      return refused(
          request,
          "InvalidRequest",
          "status is IN_PROGRESS, SUCCEEDED, FAILED, REJECTED or TIMED_OUT");
    }
    var reason = document.path("statusReason");
    var said =
        new Said(
            command.id(),
            command.device(),
            status.get(),
            status.get() == CommandStatus.EXECUTED
                ? ""
                : CommandDesk.reason(reason.path("reasonCode").asString("")),
            shortened(reason.path("reasonDescription").asString("")),
            "transport",
            null,
            null);
    return CommandTable.answer(handle, said, request.at())
        ? accepted(request, command.id())
        : refused(request, "TerminalStateReached", "it is " + command.status().word());
  }

  private static Optional<CommandStatus> status(String word) {
    return switch (word) {
      case "SUCCEEDED" -> Optional.of(CommandStatus.EXECUTED);
      case "FAILED", "TIMED_OUT" -> Optional.of(CommandStatus.FAILED);
      case "REJECTED" -> Optional.of(CommandStatus.REFUSED);
      default -> Optional.empty();
    };
  }

  private static String shortened(String text) {
    return text.length() > DETAIL_MAX ? text.substring(0, DETAIL_MAX) : text;
  }

  List<Publication> refusal(Request request, Trouble trouble) {
    return switch (trouble) {
      case BUSY -> refused(request, "RequestThrottled", "try again later");
      case BROKEN -> refused(request, "InternalError", "nothing was changed");
    };
  }

  private static Optional<Execution> execution(String topic) {
    var match = TOPIC.matcher(topic);
    if (!match.matches() || !PrincipalId.isValid(match.group(1))) {
      return Optional.empty();
    }
    return CommandDesk.id(match.group(2))
        .map(command -> new Execution(new PrincipalId(match.group(1)), command));
  }

  private static List<Publication> accepted(Request request, CommandId command) {
    return answer(request, "accepted", Map.of("executionId", command.hex()));
  }

  private static List<Publication> refused(Request request, String error, String message) {
    var body = new TreeMap<String, String>();
    body.put("error", error);
    body.put("errorMessage", message);
    var match = TOPIC.matcher(request.topic());
    if (match.matches()) {
      body.put("executionId", match.group(2));
    }
    return answer(request, "rejected", body);
  }

  private static List<Publication> answer(Request request, String how, Map<String, String> body) {
    var topic = request.topic();
    var end = topic.lastIndexOf('/');
    return List.of(
        new Publication(
            topic.substring(0, end) + "/" + how + topic.substring(end),
            JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8)));
  }
}
