package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.PrincipalId;
import java.util.ArrayList;
import java.util.List;

/** How devices and backends are shown. */
final class Principal {
  private Principal() {}

  /** One line for each. */
  static void table(List<Answer> principals, Terminal terminal) {
    var table =
        Table.of("ID", "STANDING", "ONLINE", "#CERTIFICATES", "TYPE", "POLICIES", "ENROLLED");
    for (var principal : principals) {
      table.row(
          principal.text("id"),
          principal.text("standing"),
          principal.flag("online") ? "yes" : "no",
          String.valueOf(principal.objects("certificates").size()),
          principal.optionalText("thingType").orElse(""),
          String.join(" ", principal.texts("policies")),
          principal.text("enrolledAt"));
    }
    table.print(terminal);
  }

  /** Everything about one. */
  static void details(Answer principal, Terminal terminal) {
    var facts = Table.of("FACT", "VALUE");
    facts.row("id", principal.text("id"));
    facts.row("kind", principal.text("kind"));
    facts.row("standing", principal.text("standing"));
    facts.row("online", principal.flag("online") ? "yes" : "no");
    facts.row("type", principal.optionalText("thingType").orElse(""));
    facts.row("attributes", principal.pairs("attributes"));
    facts.row("tags", principal.pairs("tags"));
    facts.row("firmware", principal.optionalText("firmwareVersion").orElse("unknown"));
    facts.row("attested", attested(principal));
    facts.row("groups", String.join(" ", principal.texts("groups")));
    facts.row("enrolled", principal.text("enrolledAt"));
    facts.print(terminal);
    policies(principal, terminal);
    certificates(principal, terminal);
    connections(principal, terminal);
  }

  /** An id of a device or backend, or a failure that says what one is. */
  static void requireId(String id) {
    if (!PrincipalId.isValid(id)) {
      throw Failure.badInput(
          "an id has 1 to 128 characters of A-Z a-z 0-9 : _ -, not '" + id + "'");
    }
  }

  private static String attested(Answer principal) {
    if (!principal.json().has("attested")) {
      return "unknown";
    }
    var until = principal.optionalText("attestedUntil");
    return principal.flag("attested")
        ? "yes" + until.map(moment -> ", until " + moment).orElse("")
        : "no";
  }

  /** Those in force, each with what it comes from. */
  private static void policies(Answer principal, Terminal terminal) {
    var policies = principal.objects("effectivePolicies");
    if (policies.isEmpty()) {
      return;
    }
    var table = Table.of("POLICY", "#VERSION", "FROM");
    for (var policy : policies) {
      var from = new ArrayList<String>();
      if (policy.flag("attached")) {
        from.add("attached");
      }
      policy.texts("groups").forEach(group -> from.add("group " + group));
      table.row(
          policy.text("name"), String.valueOf(policy.number("version")), String.join(", ", from));
    }
    terminal.out().println();
    table.print(terminal);
  }

  private static void certificates(Answer principal, Terminal terminal) {
    var table =
        Table.of(
            "CERTIFICATE", "STATUS", "NOT BEFORE", "NOT AFTER", "#MESSAGES", "#BYTES", "REASON");
    for (var certificate : principal.objects("certificates")) {
      table.row(
          certificate.text("serial"),
          certificate.text("status"),
          certificate.text("notBefore"),
          certificate.text("notAfter"),
          count(certificate, "messages"),
          count(certificate, "bytes"),
          certificate.optionalText("revocationReason").orElse(""));
    }
    terminal.out().println();
    table.print(terminal);
  }

  /** Only where one principal was asked for. */
  private static String count(Answer certificate, String member) {
    return certificate.json().has(member) ? String.valueOf(certificate.number(member)) : "";
  }

  private static void connections(Answer principal, Terminal terminal) {
    var connections = principal.objects("connections");
    if (connections.isEmpty()) {
      return;
    }
    var table = Table.of("CONNECTION", "ADDRESS", "SINCE");
    for (var connection : connections) {
      table.row(connection.text("clientId"), connection.text("address"), connection.text("since"));
    }
    terminal.out().println();
    table.print(terminal);
  }
}
