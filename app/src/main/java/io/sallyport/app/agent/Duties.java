package io.sallyport.app.agent;

import io.sallyport.agent.Agent;
import io.sallyport.agent.bundle.CommandTrust;
import io.sallyport.agent.command.Commands;
import io.sallyport.agent.job.JobHandler;
import io.sallyport.agent.program.Program;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.command.AllowList;
import io.sallyport.identity.command.ArgumentRule;
import io.sallyport.identity.command.Channel;
import io.sallyport.identity.command.CommandHandler;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.CommandRule;
import io.sallyport.identity.command.Keyring;
import io.sallyport.identity.cose.CborValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What an agent does when it is told to: harmless things of its own, and its owner's programs. */
final class Duties {
  private static final long INTERVAL_MAX_SECONDS = 86_400;
  private static final Set<String> OWN = Set.of("ping", "report", "set-interval");

  private final AgentFile file;
  private final Executor threads;
  private final Consumer<Duration> interval;

  /**
   * The duties of an agent with that file.
   *
   * @param interval is told a new interval of telemetry
   */
  Duties(AgentFile file, Executor threads, Consumer<Duration> interval) {
    this.file = file;
    this.threads = threads;
    this.interval = interval;
  }

  /**
   * Who may command it, and what; null for nobody.
   *
   * @param bundled what the bundle says of it
   */
  Commands.@Nullable Authority authority(@Nullable CommandTrust bundled) {
    if (!file.commandKeys().isEmpty()) {
      return ofKeys();
    }
    return bundled == null ? null : following(bundled);
  }

  /** What this machine's owner allows counts; else what the bundle does, as far as it is known. */
  private Commands.Authority following(CommandTrust bundled) {
    var owners = file.allowed().map(this::rules);
    var rules = new HashMap<>(owners.orElse(Map.of()));
    var members = new ArrayList<Keyring.Member>();
    for (var member : bundled.keys().members()) {
      if (owners.isPresent()) {
        var names = owners.get().keySet();
        members.add(new Keyring.Member(member.generation(), member.key(), names));
      } else {
        member.allowed().stream()
            .filter(name -> canDo(name.value()))
            .forEach(name -> rules.put(name, rule(name.value())));
        members.add(member);
      }
    }
    return new Commands.Authority(
        file.tenant().orElse(bundled.tenant()),
        new Commands.Following(new Keyring(members), rules));
  }

  private boolean canDo(String name) {
    return OWN.contains(name) || file.programs().containsKey(name);
  }

  private Map<CommandName, CommandRule> rules(Set<String> names) {
    var rules = new HashMap<CommandName, CommandRule>();
    for (var name : names) {
      try {
        rules.put(new CommandName(name), rule(name));
      } catch (IllegalArgumentException e) {
        throw Failure.badInput("allow: " + e.getMessage());
      }
    }
    return rules;
  }

  private Commands.Authority ofKeys() {
    var rules = rules(file.allowed().orElse(Set.of()));
    try {
      var signers =
          file.commandKeys().stream()
              .flatMap(path -> keys(path).stream())
              .map(key -> new AllowList.Signer(key, rules))
              .toList();
      return new Commands.Authority(file.tenant().orElse("sallyport"), new AllowList(signers));
    } catch (IllegalArgumentException e) {
      throw Failure.badInput("command-keys: " + e.getMessage());
    }
  }

  private CommandRule rule(String name) {
    var required = new HashMap<String, ArgumentRule>();
    var optional = new HashMap<String, ArgumentRule>();
    var program = file.programs().get(name);
    switch (name) {
      case "ping", "report" -> {
        // Nothing to say about how.
      }
      case "set-interval" ->
          required.put("seconds", new ArgumentRule.Number(1, INTERVAL_MAX_SECONDS));
      default -> {
        if (program == null) {
          throw Failure.badInput(
              "allow: '" + name + "' is neither ping, report, set-interval nor one of programs");
        }
        program.options().forEach(option -> optional.put(option, new ArgumentRule.Anything()));
      }
    }
    return new CommandRule(Set.of(Channel.COMMANDS), false, required, optional);
  }

  /** What {@code command key export} wrote: the key that signs, and the one that follows it. */
  private static List<PublicKey> keys(Path file) {
    try {
      var keys = new ArrayList<PublicKey>();
      for (var der : Pem.decodeAll(Files.readString(file), "PUBLIC KEY")) {
        keys.add(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der)));
      }
      return keys;
    } catch (IOException | MalformedPem | GeneralSecurityException e) {
      throw Failure.badInput(
          "command-keys: " + file + " holds no public keys in PEM: " + e.getMessage());
    }
  }

  /** Gives the agent its handlers, before it starts. */
  void giveTo(Agent agent) {
    agent.withJobs(
        jobs -> {
          jobs.handle("ping", (document, resumed) -> new JobHandler.Done(true, "pong"));
          file.programs().forEach((name, one) -> jobs.handle(name, job(name, one.program())));
        });
    agent.withShadow(
        shadow ->
            shadow.onDesired(
                "interval",
                wish -> {
                  if (wish.isIntegralNumber() && isInterval(wish.asLong())) {
                    interval.accept(Duration.ofSeconds(wish.asLong()));
                    shadow.report("interval", wish);
                  }
                }));
    var commands = agent.commands();
    if (commands != null) {
      commands.handle("ping", _ -> new CommandHandler.Done(true, "pong", null));
      commands.handle("report", _ -> reported(agent));
      commands.handle("set-interval", command -> spaced(agent, command.arguments()));
      file.programs()
          .forEach(
              (name, one) ->
                  commands.handle(name, command -> ran(name, one.program(), command.arguments())));
    }
  }

  private static boolean isInterval(long seconds) {
    return seconds >= 1 && seconds <= INTERVAL_MAX_SECONDS;
  }

  private CommandHandler.Done spaced(Agent agent, Map<String, CborValue> arguments) {
    var seconds = arguments.get("seconds") instanceof CborValue.Whole(long value) ? value : 0;
    if (!isInterval(seconds)) {
      return new CommandHandler.Done(false, "1 to 86400 seconds", null);
    }
    interval.accept(Duration.ofSeconds(seconds));
    agent.withShadow(
        shadow -> shadow.report("interval", Json.mapper().getNodeFactory().numberNode(seconds)));
    return new CommandHandler.Done(true, seconds + " s", null);
  }

  private static CommandHandler.Done reported(Agent agent) {
    var status = agent.status().join();
    var report = Json.mapper().createObjectNode();
    report.put("connections", status.connections()).put("acknowledged", status.acknowledged());
    report
        .put("waiting", status.telemetry().waiting())
        .put("dropped", status.telemetry().dropped());
    agent.withShadow(shadow -> shadow.report("agent", report));
    return new CommandHandler.Done(true, "reported", null);
  }

  private CommandHandler.Done ran(String name, Program program, Map<String, CborValue> arguments) {
    var input = Json.mapper().createObjectNode().put("command", name);
    var given = input.putObject("arguments");
    new TreeMap<>(arguments).forEach((key, value) -> put(given, key, value));
    var ended = program.run(bytes(input), threads);
    return new CommandHandler.Done(ended.worked(), summary(ended), null);
  }

  private JobHandler job(String name, Program program) {
    return (document, resumed) -> {
      var input = Json.mapper().createObjectNode().put("job", name).put("resumed", resumed);
      input.set("document", document);
      var ended = program.run(bytes(input), threads);
      return new JobHandler.Done(ended.worked(), summary(ended));
    };
  }

  private static byte[] bytes(ObjectNode input) {
    return Json.mapper().writeValueAsString(input).getBytes(StandardCharsets.UTF_8);
  }

  /** The first line says most. */
  private static String summary(Program.Ended ended) {
    if (!ended.why().isEmpty()) {
      return ended.why();
    }
    var line = ended.output().lines().findFirst().orElse("");
    return ended.worked() ? line : "exit code " + ended.code() + ": " + line;
  }

  private static void put(ObjectNode into, String key, CborValue value) {
    switch (value) {
      case CborValue.Whole whole -> into.put(key, whole.value());
      case CborValue.Text text -> into.put(key, text.value());
      case CborValue.Truth truth -> into.put(key, truth.value());
      case CborValue.Bytes bytes -> into.put(key, bytes.value());
      case CborValue.Nothing _ -> into.putNull(key);
      case CborValue.Items items -> into.put(key, items.toString());
      case CborValue.Members members -> into.put(key, members.toString());
    }
  }
}
