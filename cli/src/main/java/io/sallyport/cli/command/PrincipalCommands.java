package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
import io.sallyport.cli.terminal.AllowBreach;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code device} and {@code backend}: what can be done with those who are enrolled. */
@Command(
    addMethodSubcommands = false,
    description = "Enrol, look at, describe, cut off and revoke ${COMMAND-NAME}s.")
public final class PrincipalCommands {
  private static final String EXAMPLE = "%nExample:%n";

  private final PrincipalKind kind;
  private final Terminal terminal;

  /** The commands for one kind. */
  public PrincipalCommands(PrincipalKind kind, Surroundings surroundings) {
    this.kind = kind;
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = "List every ${PARENT-COMMAND-NAME}, or those for whom all of this holds.",
      footerHeading = EXAMPLE,
      footer = {
        "  ${COMMAND-FULL-NAME} --standing quarantined",
        "  ${COMMAND-FULL-NAME} --type pump --attribute site=berlin --prefix a-"
      })
  int list(
      @Mixin Wanted wanted,
      @Option(names = "--limit", paramLabel = "N", description = "So many at most.")
          @Nullable Integer limit,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (limit != null && limit < 1) {
      throw Failure.badInput("--limit must be at least 1, not " + limit);
    }
    try (var control = connection.open()) {
      var most = limit == null ? Integer.MAX_VALUE : limit;
      var found = Pages.first(control, wanted.of(collection()), collection(), most);
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        found.forEach(json.putArray(collection())::add);
        Json.print(terminal, json);
      } else {
        Principal.table(found.stream().map(Answer::new).toList(), terminal);
      }
    }
    return 0;
  }

  @Command(
      description =
          "Show one ${PARENT-COMMAND-NAME}: standing, groups, policies, certificates, connections.",
      footerHeading = EXAMPLE,
      footer = "  ${COMMAND-FULL-NAME} device-001")
  int show(
      @Parameters(paramLabel = "ID", description = "Its id.") String id,
      @Mixin Format format,
      @Mixin Connection connection) {
    var path = path(id);
    try (var control = connection.open()) {
      show(control.get(path), format);
    }
    return 0;
  }

  @Command(
      description = {
        "Revoke a ${PARENT-COMMAND-NAME} for good, and end everything of it.",
        "",
        "Returns when its connections, tickets, sessions, queued, in-flight and retained messages"
            + " and its will are gone, and prints the receipt."
      },
      footerHeading = EXAMPLE,
      footer = "  ${COMMAND-FULL-NAME} device-001 --reason keyCompromise")
  int revoke(
      @Parameters(paramLabel = "ID", description = "Its id.") String id,
      @Option(
              names = "--reason",
              paramLabel = "REASON",
              defaultValue = "unspecified",
              description =
                  "unspecified (the default), keyCompromise, cACompromise, affiliationChanged,"
                      + " superseded, cessationOfOperation or privilegeWithdrawn.")
          String reason,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (RevocationReason.ofWord(reason).isEmpty()) {
      throw Failure.badInput(
          "'"
              + reason
              + "' is no reason; known are "
              + Arrays.stream(RevocationReason.values())
                  .map(RevocationReason::word)
                  .collect(Collectors.joining(", ")));
    }
    var body = Json.mapper().createObjectNode().put("reason", reason);
    return cut(path(id) + "/revoke", body, format, connection);
  }

  @Command(
      description = "Cut a ${PARENT-COMMAND-NAME} off until it is reinstated.",
      footerHeading = EXAMPLE,
      footer = "  ${COMMAND-FULL-NAME} device-001")
  int quarantine(
      @Parameters(paramLabel = "ID", description = "Its id.") String id,
      @Mixin Format format,
      @Mixin Connection connection) {
    return cut(path(id) + "/quarantine", nothing(), format, connection);
  }

  @Command(
      description = "Let a quarantined ${PARENT-COMMAND-NAME} connect again.",
      footerHeading = EXAMPLE,
      footer = "  ${COMMAND-FULL-NAME} device-001")
  int reinstate(
      @Parameters(paramLabel = "ID", description = "Its id.") String id,
      @Mixin Format format,
      @Mixin Connection connection) {
    var path = path(id) + "/reinstate";
    try (var control = connection.open()) {
      show(control.post(path, nothing()), format);
    }
    return 0;
  }

  @Command(
      description = {
        "Give a ${PARENT-COMMAND-NAME} tags, or take them.",
        "",
        "Policies ask for them by the condition key sallyport:DeviceTag/<key>; its live sessions"
            + " are decided again at once."
      },
      footerHeading = EXAMPLE,
      footer = "  ${COMMAND-FULL-NAME} device-001 site=berlin --remove trial")
  int tag(
      @Parameters(index = "0", paramLabel = "ID", description = "Its id.") String id,
      @Parameters(
              index = "1..*",
              arity = "0..*",
              paramLabel = "KEY=VALUE",
              description = "The tags to give.")
          @Nullable List<String> tags,
      @Option(
              names = "--remove",
              paramLabel = "KEY",
              description = "Take this tag; may be repeated.")
          @Nullable List<String> remove,
      @Mixin Format format,
      @Mixin Connection connection) {
    return record(id, "/tags", Pairs.change("set", tags, remove), format, connection);
  }

  @Command(
      description = {
        "Record what a ${PARENT-COMMAND-NAME} runs, and whether it has proved that.",
        "",
        "Policies ask for it by the condition keys sallyport:FirmwareVersion and"
            + " sallyport:Attested; its live sessions are decided again at once."
      },
      footerHeading = EXAMPLE,
      footer = "  ${COMMAND-FULL-NAME} device-001 --firmware 1.4.2 --attested yes")
  int state(
      @Parameters(paramLabel = "ID", description = "Its id.") String id,
      @Option(
              names = "--firmware",
              paramLabel = "VERSION",
              description = "Such as 1.4.2 or 2.0.0-rc.1, or unknown.")
          @Nullable String firmware,
      @Option(names = "--attested", paramLabel = "WORD", description = "yes, no or unknown.")
          @Nullable String attested,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (firmware == null && attested == null) {
      throw Failure.badInput("give --firmware or --attested");
    }
    var body = Json.mapper().createObjectNode();
    if (firmware != null) {
      body.put("firmwareVersion", firmware);
    }
    if (attested != null) {
      body.put("attested", attested);
    }
    return record(id, "/state", body, format, connection);
  }

  @Command(
      description = {
        "Change the thing type and attributes of a ${PARENT-COMMAND-NAME}.",
        "",
        "What is not named stays; its live sessions are decided again at once."
      },
      footerHeading = EXAMPLE,
      footer = "  ${COMMAND-FULL-NAME} device-001 --type pump --attribute floor=2")
  int set(
      @Parameters(paramLabel = "ID", description = "Its id.") String id,
      @Option(names = "--type", paramLabel = "TYPE", description = "The thing type; '' for none.")
          @Nullable String type,
      @Option(
              names = "--attribute",
              paramLabel = "KEY=VALUE",
              description = "A thing attribute; may be repeated.")
          @Nullable List<String> attributes,
      @Option(
              names = "--remove",
              paramLabel = "KEY",
              description = "Take this attribute; may be repeated.")
          @Nullable List<String> remove,
      @Mixin AllowBreach allowBreach,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (type == null && attributes == null && remove == null) {
      throw Failure.badInput("give --type, --attribute or --remove");
    }
    var body = Pairs.change("attributes", attributes, remove);
    if (type != null) {
      body.put("thingType", type);
    }
    return record(id, "/thing" + allowBreach.query(), body, format, connection);
  }

  private int record(String id, String call, JsonNode body, Format format, Connection connection) {
    var path = path(id) + call;
    try (var control = connection.open()) {
      show(control.post(path, body), format);
    }
    return 0;
  }

  private void show(Answer principal, Format format) {
    if (format.json()) {
      Json.print(terminal, principal.json());
    } else {
      Principal.details(principal, terminal);
    }
  }

  private int cut(String path, JsonNode body, Format format, Connection connection) {
    try (var control = connection.open()) {
      var receipt = control.post(path, body);
      if (format.json()) {
        Json.print(terminal, receipt.json());
      } else {
        Receipt.print(receipt, terminal);
      }
    }
    return 0;
  }

  private String collection() {
    return kind.word() + "s";
  }

  private String path(String id) {
    Principal.requireId(id);
    return collection() + "/" + ControlClient.segment(id);
  }

  private static JsonNode nothing() {
    return Json.mapper().createObjectNode();
  }
}
