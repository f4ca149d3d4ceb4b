package io.sallyport.app.agent;

import io.sallyport.agent.bundle.Server;
import io.sallyport.agent.outbox.Limits;
import io.sallyport.agent.program.Program;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * {@code agent.yaml}: what an agent does beside being there. Keys that it does not know are
 * refused.
 *
 * @param limits of the telemetry that waits
 * @param interval how often telemetry is taken
 * @param telemetry prints telemetry, a message a line
 * @param spool a folder whose files are messages, deleted once they are taken
 * @param renewal where a certificate that has expired may be renewed
 * @param tenant the installation, as commands are signed with, in place of what the bundle says
 * @param commandKeys files with public keys of who may command, in place of the bundle's
 * @param allowed the commands that they may give, in place of what the bundle says
 * @param programs what commands and jobs run, by name
 */
record AgentFile(
    Limits limits,
    Duration interval,
    Optional<Program> telemetry,
    Optional<Path> spool,
    Optional<Server> renewal,
    Optional<String> tenant,
    List<Path> commandKeys,
    Optional<Set<String>> allowed,
    Map<String, Listed> programs) {
  /**
   * A program with the arguments that whoever runs it may give.
   *
   * @param options their names
   */
  record Listed(Program program, Set<String> options) {}

  private static final int CHARACTERS_MAX = 64 * 1024;
  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final int OUTPUT = 4096;
  private static final Set<String> KEYS =
      Set.of(
          "buffer-bytes",
          "buffer-count",
          "when-full",
          "interval",
          "telemetry",
          "spool",
          "renewal",
          "tenant",
          "command-keys",
          "allow",
          "programs");
  private static final Set<String> PROGRAM_KEYS =
      Set.of("path", "arguments", "options", "time", "output-bytes");

  /** Where nothing is configured. */
  static AgentFile defaults() {
    return new Reader("agent.yaml", Map.of()).file();
  }

  /** Reads a file; refuses, with what and where, anything that it does not know. */
  static AgentFile read(Path file) {
    try {
      var text = Files.readString(file);
      var settings =
          LoadSettings.builder()
              .setLabel(file.toString())
              .setCodePointLimit(CHARACTERS_MAX)
              .setMaxAliasesForCollections(0)
              .build();
      var loaded = new Load(settings).loadFromString(text);
      return new Reader(file.toString(), loaded == null ? Map.of() : map(file.toString(), loaded))
          .file();
    } catch (IOException e) {
      throw Failure.badInput(file + " could not be read: " + e.getMessage());
    } catch (YamlEngineException e) {
      throw Failure.badInput(
          file + " is not YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    } catch (IllegalArgumentException e) {
      throw Failure.badInput(file + ": " + e.getMessage());
    }
  }

  private static Map<String, Object> map(String where, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw Failure.badInput(where + " must be a map");
    }
    var named = new LinkedHashMap<String, Object>();
    map.forEach((key, one) -> named.put(String.valueOf(key), one));
    return named;
  }

  /** One file, key by key. */
  private record Reader(String name, Map<String, Object> all) {
    Reader {
      known(name, all, KEYS);
    }

    private static void known(String where, Map<String, Object> all, Set<String> keys) {
      for (var key : all.keySet()) {
        if (!keys.contains(key)) {
          throw Failure.badInput(
              "%s: there is no key '%s'; known are %s"
                  .formatted(where, key, String.join(", ", keys.stream().sorted().toList())));
        }
      }
    }

    AgentFile file() {
      var programs = new LinkedHashMap<String, Listed>();
      if (all.containsKey("programs")) {
        map(name + ": programs", all.get("programs"))
            .forEach((key, one) -> programs.put(key, program("programs." + key, one)));
      }
      return new AgentFile(
          limits(),
          duration("interval", all.get("interval"), INTERVAL),
          Optional.ofNullable(all.get("telemetry")).map(one -> program("telemetry", one).program()),
          Optional.ofNullable(all.get("spool")).map(one -> Path.of(text("spool", one, ""))),
          Optional.ofNullable(all.get("renewal")).map(one -> server("renewal", one)),
          Optional.ofNullable(all.get("tenant")).map(one -> text("tenant", one, "")),
          texts("command-keys", all.get("command-keys")).stream().map(Path::of).toList(),
          Optional.ofNullable(all.get("allow")).map(one -> Set.copyOf(texts("allow", one))),
          programs);
    }

    private Server server(String where, Object value) {
      try {
        return Server.parse(value.toString());
      } catch (IllegalArgumentException e) {
        throw Failure.badInput(name + ": " + where + ": " + e.getMessage());
      }
    }

    private Limits limits() {
      var usual = Limits.DEFAULT;
      var bytes = number("buffer-bytes", all.get("buffer-bytes"), usual.bytesMax());
      var segment = Math.clamp(bytes / 4, 4096, usual.segmentBytes());
      var count = number("buffer-count", all.get("buffer-count"), usual.countMax());
      if (bytes < segment || count < 1) {
        throw Failure.badInput(
            name + ": buffer-bytes is at least 4096 and buffer-count at least 1");
      }
      var whenFull = text("when-full", all.get("when-full"), "drop-oldest");
      return new Limits(
          bytes,
          count,
          segment,
          switch (whenFull) {
            case "drop-oldest" -> Limits.WhenFull.DROP_OLDEST;
            case "refuse-newest" -> Limits.WhenFull.REFUSE_NEWEST;
            default ->
                throw Failure.badInput(
                    name + ": when-full is drop-oldest or refuse-newest, not " + whenFull);
          });
    }

    private Listed program(String where, Object value) {
      var one = map(name + ": " + where, value);
      known(name + ": " + where, one, PROGRAM_KEYS);
      var path = text(where + ".path", one.get("path"), "");
      var output = number(where + ".output-bytes", one.get("output-bytes"), OUTPUT);
      try {
        var program =
            new Program(
                Path.of(path),
                texts(where + ".arguments", one.get("arguments")),
                duration(where + ".time", one.get("time"), TIME),
                (int) Math.clamp(output, 0, Integer.MAX_VALUE));
        if (!program.isExecutable()) {
          throw Failure.badInput(name + ": " + where + ": no program can be started at " + path);
        }
        return new Listed(program, Set.copyOf(texts(where + ".options", one.get("options"))));
      } catch (IllegalArgumentException e) {
        throw Failure.badInput(name + ": " + where + ": " + e.getMessage());
      }
    }

    private String text(String key, @Nullable Object value, String usual) {
      return switch (value) {
        case null -> usual;
        case List<?> _, Map<?, ?> _ ->
            throw Failure.badInput(name + ": " + key + " must be a text");
        default -> value.toString();
      };
    }

    private long number(String key, @Nullable Object value, long usual) {
      return switch (value) {
        case null -> usual;
        case Integer small -> small;
        case Long large -> large;
        default -> throw Failure.badInput(name + ": " + key + " must be a number: " + value);
      };
    }

    private Duration duration(String key, @Nullable Object value, Duration usual) {
      if (value == null) {
        return usual;
      }
      return Duration.ofSeconds(Span.seconds(name + ": " + key, value.toString()));
    }

    private List<String> texts(String key, @Nullable Object value) {
      var all = new ArrayList<String>();
      if (value instanceof List<?> list) {
        list.forEach(one -> all.add(String.valueOf(one)));
      } else if (value != null) {
        throw Failure.badInput(name + ": " + key + " must be a list");
      }
      return all;
    }
  }
}
