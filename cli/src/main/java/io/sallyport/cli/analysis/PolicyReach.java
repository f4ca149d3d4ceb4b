package io.sallyport.cli.analysis;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code policy reach}. */
@Command(
    name = "reach",
    description = {
      "Say who can ever read or write a topic, by which filter and which statements.",
      "",
      "Of one principal, or of the whole fleet by classes of equal rights.",
      "With --principal, exit code 1 if it never can."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  sallyport policy reach --principal device-001 --read alarms/fire",
      "  sallyport policy reach --topic devices/device-001/commands"
    })
public final class PolicyReach implements Callable<Integer> {
  private final Terminal terminal;

  @Option(names = "--principal", paramLabel = "ID", description = "The device or backend.")
  private @Nullable String principal;

  @Option(names = "--read", paramLabel = "TOPIC", description = "Can it ever receive from there?")
  private @Nullable String read;

  @Option(names = "--write", paramLabel = "TOPIC", description = "Can it ever publish there?")
  private @Nullable String write;

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Who can read or write there?")
  private @Nullable String topic;

  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public PolicyReach(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var given = Stream.of(read, write, topic).filter(one -> one != null).count();
    if (given != 1 || (topic != null && principal != null)) {
      throw Failure.badInput("give --topic, or --read or --write with or without --principal");
    }
    try (var control = connection.open()) {
      var answers =
          Stream.of("read", "write")
              .filter(access -> topic != null || (access.equals("read") ? read : write) != null)
              .map(access -> ask(control, access))
              .toList();
      show(answers);
      return principal == null || isPossible(answers.getFirst()) ? 0 : 1;
    }
  }

  private Answer ask(ControlClient control, String access) {
    var about = topic != null ? topic : access.equals("read") ? read : write;
    var whose = principal == null ? "" : "&principal=" + ControlClient.segment(principal);
    return control.get(
        "analysis/reach?access="
            + access
            + "&topic="
            + ControlClient.segment(String.valueOf(about))
            + whose);
  }

  private static boolean isPossible(Answer answer) {
    return answer.objects("classes").getFirst().object("others").flag("possible");
  }

  private void show(List<Answer> answers) {
    if (format.json()) {
      var json = Json.mapper().createObjectNode();
      var list = json.putArray("answers");
      answers.forEach(answer -> list.add(answer.json()));
      Json.print(terminal, json);
      return;
    }
    var table = Table.of("ACCESS", "WHO", "#MEMBERS", "CAN", "BY FILTER", "BECAUSE");
    for (var answer : answers) {
      for (var one : answer.objects("classes")) {
        rows(table, answer.text("access"), one);
      }
    }
    table.print(terminal);
  }

  private void rows(Table table, String access, Answer one) {
    var whose = one.text("kind") + "s with " + String.join(" + ", one.texts("policies"));
    var named = one.objects("named");
    for (var exception : named) {
      row(table, access, exception.text("principal"), "1", exception.object("answer"));
    }
    var rest = principal != null ? principal : (named.isEmpty() ? "" : "other ") + whose;
    var members = principal != null ? 1 : one.number("members") - named.size();
    if (members > 0) {
      var which = one.flag("restricted") ? " that may connect" : "";
      row(table, access, rest + which, String.valueOf(members), one.object("others"));
    }
  }

  private static void row(Table table, String access, String who, String members, Answer answer) {
    boolean possible = answer.flag("possible");
    table.row(
        access,
        who,
        members,
        possible ? "yes" + When.text(answer.json()) : "never",
        answer.text("filter"),
        possible
            ? answer.texts("statements").stream().collect(Collectors.joining(", "))
            : answer.text("why"));
  }
}
