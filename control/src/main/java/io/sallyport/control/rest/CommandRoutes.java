package io.sallyport.control.rest;

import io.sallyport.control.commands.CommandAnswer;
import io.sallyport.control.commands.CommandKeys;
import io.sallyport.control.commands.CommandRecord;
import io.sallyport.control.commands.CommandStatus;
import io.sallyport.control.commands.Commands;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.identity.command.CommandId;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The calls about signed commands. */
final class CommandRoutes {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Commands commands;

  CommandRoutes(Commands commands) {
    this.commands = commands;
  }

  record CommandView(
      String id,
      @Nullable String groupCommand,
      @Nullable String group,
      String device,
      String name,
      JsonNode arguments,
      String status,
      @Nullable String reason,
      @Nullable String detail,
      String proof,
      @Nullable String stateHash,
      @Nullable String key,
      @Nullable Long sequence,
      @Nullable Long policyEpoch,
      Instant issuedAt,
      Instant expiresAt,
      String sentBy,
      Instant changedAt,
      int attempts,
      @Nullable String envelope,
      @Nullable String receipt) {}

  record GroupView(String id, String group, int commands, List<String> passedOver) {}

  record ProgressView(String id, Map<String, Long> progress) {}

  record KeyView(
      String id,
      long generation,
      String publicKey,
      String standing,
      Instant madeAt,
      Instant changedAt) {}

  record KeysView(String tenant, List<KeyView> keys) {}

  List<Route> routes() {
    return List.of(
        Route.post("/api/v1/devices/{id}/commands", Role.OPERATOR, this::send),
        Route.get("/api/v1/devices/{id}/commands", Role.VIEWER, this::ofDevice),
        Route.post("/api/v1/groups/{name}/commands", Role.OPERATOR, this::sendToGroup),
        Route.get("/api/v1/group-commands/{id}", Role.VIEWER, this::progress),
        Route.get("/api/v1/commands", Role.VIEWER, this::list),
        Route.get("/api/v1/commands/{id}", Role.VIEWER, call -> answer(commands.show(id(call)))),
        new Route("DELETE", "/api/v1/commands/{id}", Role.OPERATOR, 0, this::cancel),
        Route.get("/api/v1/command-keys", Role.VIEWER, _ -> keys()),
        Route.post("/api/v1/command-keys/rotate", Role.SECURITY, this::rotate));
  }

  private Answer send(Call call) {
    return answer(commands.send(call.id("id"), wish(call)));
  }

  private Answer sendToGroup(Call call) {
    return answer(commands.sendToGroup(call.path("name"), wish(call)));
  }

  private static Commands.Wish wish(Call call) {
    var body = call.body(Bodies.NewCommand.class);
    var seconds = body.expiresSeconds();
    var arguments = body.arguments();
    return new Commands.Wish(
        Bodies.required(body.name(), "name"),
        arguments == null ? Map.of() : arguments,
        seconds == null ? null : Duration.ofSeconds(seconds),
        call.actor());
  }

  private Answer ofDevice(Call call) {
    return page(call, call.id("id").value());
  }

  private Answer list(Call call) {
    return page(call, null);
  }

  private Answer page(Call call, @Nullable String device) {
    var word = call.queryOrNull("status");
    var status =
        word == null
            ? null
            : CommandStatus.ofWord(word)
                .orElseThrow(() -> new Problem(400, "malformed-query", "no status '" + word + "'"));
    var group = call.queryOrNull("groupCommand");
    // What comes later in the list has the smaller number; names of pages grow.
    var after = call.number("after", 0, Long.MAX_VALUE);
    var before = after == null ? Long.MAX_VALUE : Long.MAX_VALUE - after;
    return Paging.of(
        call,
        "commands",
        (_, limit) -> commands.page(device, group, status, before, limit),
        one -> "%019d".formatted(Long.MAX_VALUE - one.number()),
        CommandRoutes::view);
  }

  private Answer progress(Call call) {
    var id = id(call).hex();
    var progress = new TreeMap<String, Long>();
    commands.count(id).forEach((status, count) -> progress.put(status.word(), count));
    if (progress.values().stream().allMatch(count -> count == 0)) {
      throw new Problem(404, "command-unknown", "no command to a group '" + id + "'");
    }
    return Answer.ok(new ProgressView(id, progress));
  }

  private Answer cancel(Call call) {
    return answer(commands.cancel(id(call), call.actor()));
  }

  private Answer keys() {
    try {
      return keys(commands.keys().list());
    } catch (CommandKeys.Unavailable e) {
      throw unavailable(e);
    }
  }

  private Answer rotate(Call call) {
    call.emptyBody();
    try {
      return keys(commands.keys().rotate(call.actor()));
    } catch (CommandKeys.Unavailable e) {
      throw unavailable(e);
    }
  }

  private Answer keys(List<CommandKeys.Key> keys) {
    return Answer.ok(
        new KeysView(
            commands.tenant(),
            keys.stream()
                .map(
                    key ->
                        new KeyView(
                            key.id().hex(),
                            key.generation(),
                            key.publicKey(),
                            key.standing(),
                            key.madeAt(),
                            key.changedAt()))
                .toList()));
  }

  private static Problem unavailable(CommandKeys.Unavailable e) {
    return new Problem(503, "command-key-unavailable", String.valueOf(e.getMessage()));
  }

  private static CommandId id(Call call) {
    var text = call.path("id");
    if (!CommandId.isValid(text)) {
      throw new Problem(400, "malformed-id", "a command's id is 32 lower-case hex digits");
    }
    return new CommandId(text);
  }

  private static Answer answer(CommandAnswer answer) {
    return switch (answer) {
      case CommandAnswer.Shown(var command) -> Answer.ok(view(command));
      case CommandAnswer.SentToGroup(var id, var group, var count, var passedOver) ->
          Answer.ok(new GroupView(id, group, count, passedOver));
      case CommandAnswer.Refused(var why, var reason, var detail) ->
          throw new Problem(
              switch (why) {
                case MALFORMED -> 400;
                case UNKNOWN -> 404;
                case CONFLICT -> 409;
                case UNAVAILABLE -> 503;
              },
              reason,
              detail);
    };
  }

  private static CommandView view(CommandRecord command) {
    return new CommandView(
        command.id().hex(),
        command.groupCommand(),
        command.groupName(),
        command.device().value(),
        command.name(),
        JSON.readTree(command.arguments()),
        command.status().word(),
        command.reason().isEmpty() ? null : command.reason(),
        command.detail().isEmpty() ? null : command.detail(),
        command.proof(),
        command.stateHash(),
        command.keyId(),
        command.sequence(),
        command.policyEpoch(),
        command.issuedAt(),
        command.expiresAt(),
        command.actor(),
        command.changedAt(),
        command.attempts(),
        base64(command.envelope()),
        base64(command.receipt()));
  }

  private static @Nullable String base64(@Nullable String hex) {
    return hex == null
        ? null
        : java.util.Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }
}
