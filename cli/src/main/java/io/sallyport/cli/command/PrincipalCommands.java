package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Standing;
import java.util.Arrays;
import java.util.Locale;
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
    description = "Enrol, look at, cut off and revoke ${COMMAND-NAME}s.")
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
      description = "List every ${PARENT-COMMAND-NAME}.",
      footerHeading = EXAMPLE,
      footer = "  ${COMMAND-FULL-NAME} --standing quarantined")
  int list(
      @Option(
              names = "--standing",
              paramLabel = "STANDING",
              description = "Only those that are active, quarantined or revoked.")
          @Nullable String standing,
      @Option(names = "--limit", paramLabel = "N", description = "So many at most.")
          @Nullable Integer limit,
      @Mixin Format format,
      @Mixin Connection connection) {
    var wanted = standing == null ? null : standing(standing);
    if (limit != null && limit < 1) {
      throw Failure.badInput("--limit must be at least 1, not " + limit);
    }
    try (var control = connection.open()) {
      var listing = new Listing(control, collection(), wanted, limit == null ? -1 : limit);
      var found = listing.read();
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
      description = "Show one ${PARENT-COMMAND-NAME}: standing, certificates, connections.",
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
    if (!PrincipalId.isValid(id)) {
      throw Failure.badInput(
          "an id has 1 to 128 characters of A-Z a-z 0-9 : _ -, not '" + id + "'");
    }
    return collection() + "/" + ControlClient.segment(id);
  }

  private static JsonNode nothing() {
    return Json.mapper().createObjectNode();
  }

  private static String standing(String word) {
    return Arrays.stream(Standing.values())
        .map(standing -> standing.name().toLowerCase(Locale.ROOT))
        .filter(word.toLowerCase(Locale.ROOT)::equals)
        .findFirst()
        .orElseThrow(
            () ->
                Failure.badInput(
                    "'" + word + "' is no standing; known are active, quarantined, revoked"));
  }
}
