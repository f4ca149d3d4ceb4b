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
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code group}: devices and backends that have policies together. */
@Command(name = "group", description = "Make, fill, look at and delete groups.")
public final class GroupCommands {
  private static final String EXAMPLE = "%nExample:%n";
  // Bound: what one call of the API takes.
  private static final int AT_ONCE = 500;
  private static final int MEMBERS_SHOWN = 100;

  private final Terminal terminal;

  /** The commands. */
  public GroupCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = "Make an empty group.",
      footerHeading = EXAMPLE,
      footer = "  sallyport group create lamps")
  int create(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    path(name);
    try (var control = connection.open()) {
      var body = Json.mapper().createObjectNode().put("name", name);
      format.print(terminal, control.post("groups", body).json(), "group " + name + " is there");
    }
    return 0;
  }

  @Command(
      description = "List every group.",
      footerHeading = EXAMPLE,
      footer = "  sallyport group list")
  int list(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var groups = Pages.all(control, "groups", "groups");
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        groups.forEach(json.putArray("groups")::add);
        Json.print(terminal, json);
        return 0;
      }
      var table = Table.of("NAME", "#MEMBERS", "POLICIES", "MADE");
      for (var group : groups.stream().map(Answer::new).toList()) {
        table.row(
            group.text("name"),
            String.valueOf(group.number("members")),
            String.join(" ", group.texts("policies")),
            group.text("createdAt"));
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = "Show one group: its policies and its members.",
      footerHeading = EXAMPLE,
      footer = "  sallyport group show lamps --limit 1000")
  int show(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(
              names = "--limit",
              paramLabel = "N",
              description = "So many members at most; default: 100.")
          int limit,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (limit < 0) {
      throw Failure.badInput("--limit must be at least 1, not " + limit);
    }
    var path = path(name);
    try (var control = connection.open()) {
      var group = control.get(path);
      int most = limit == 0 ? MEMBERS_SHOWN : limit;
      var members = Pages.first(control, path + "/members", "members", most);
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        json.set("group", group.json());
        members.forEach(json.putArray("members")::add);
        Json.print(terminal, json);
      } else {
        print(group, members);
      }
    }
    return 0;
  }

  @Command(
      description = {
        "Delete a group.",
        "",
        "One that has members or policies only with --force: the members lose the policies that"
            + " they have by it at once."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport group delete lamps --force")
  int delete(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(names = "--force", description = "Even if it has members or policies.") boolean force,
      @Mixin AllowBreach allowBreach,
      @Mixin Format format,
      @Mixin Connection connection) {
    var path = path(name);
    try (var control = connection.open()) {
      var answer = control.delete(path + allowBreach.query(force ? "force=true" : ""));
      var line = "group " + name + " is gone, it had members: " + answer.number("members");
      format.print(terminal, answer.json(), line);
    }
    return 0;
  }

  @Command(
      description = {
        "Add devices and backends to a group.",
        "",
        "They have its policies at once. If one cannot be added, none is; more than 500 go in"
            + " several steps."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport group add lamps device-001 device-002")
  int add(
      @Parameters(index = "0", paramLabel = "NAME", description = "The group.") String name,
      @Parameters(
              index = "1..*",
              arity = "1..*",
              paramLabel = "ID",
              description = "The devices and backends.")
          List<String> ids,
      @Mixin AllowBreach allowBreach,
      @Mixin Format format,
      @Mixin Connection connection) {
    change(name, ids, "/members" + allowBreach.query(), "added", format, connection);
    return 0;
  }

  @Command(
      description = "Take devices and backends out of a group; who is not in it is passed over.",
      footerHeading = EXAMPLE,
      footer = "  sallyport group remove lamps device-001")
  int remove(
      @Parameters(index = "0", paramLabel = "NAME", description = "The group.") String name,
      @Parameters(
              index = "1..*",
              arity = "1..*",
              paramLabel = "ID",
              description = "The devices and backends.")
          List<String> ids,
      @Mixin AllowBreach allowBreach,
      @Mixin Format format,
      @Mixin Connection connection) {
    change(name, ids, "/members/remove" + allowBreach.query(), "removed", format, connection);
    return 0;
  }

  private void change(
      String name,
      List<String> ids,
      String call,
      String word,
      Format format,
      Connection connection) {
    var path = path(name) + call;
    ids.forEach(Principal::requireId);
    var json = Json.mapper().createObjectNode();
    var changed = json.putArray(word);
    try (var control = connection.open()) {
      for (int from = 0; from < ids.size(); from += AT_ONCE) {
        var body = Json.mapper().createObjectNode();
        var some = ids.subList(from, Math.min(from + AT_ONCE, ids.size()));
        some.forEach(body.putArray("principals")::add);
        var answer = control.post(path, body);
        answer.texts("changed").forEach(changed::add);
        json.set("group", answer.object("group").json());
      }
    }
    format.print(
        terminal,
        json,
        word
            + " "
            + changed.size()
            + ", group "
            + name
            + " has members: "
            + new Answer(json).object("group").number("members"));
  }

  private void print(Answer group, List<JsonNode> members) {
    var facts = Table.of("FACT", "VALUE");
    facts.row("name", group.text("name"));
    facts.row("policies", String.join(" ", group.texts("policies")));
    facts.row("members", String.valueOf(group.number("members")));
    facts.row("made", group.text("createdAt"));
    facts.print(terminal);
    if (!members.isEmpty()) {
      var table = Table.of("MEMBER");
      members.forEach(member -> table.row(member.asString()));
      terminal.out().println();
      table.print(terminal);
    }
  }

  /** The path of a group of that name. */
  static String path(String name) {
    if (!name.matches("[a-zA-Z0-9:_-]{1,128}")) {
      throw Failure.badInput(
          "a group's name has 1 to 128 characters of A-Z a-z 0-9 : _ -, not '" + name + "'");
    }
    return "groups/" + ControlClient.segment(name);
  }
}
