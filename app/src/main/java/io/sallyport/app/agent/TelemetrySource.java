package io.sallyport.app.agent;

import io.sallyport.agent.Agent;
import io.sallyport.agent.outbox.Telemetry;
import io.sallyport.cli.terminal.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where an agent's telemetry comes from: a program, a folder, or its own standard input. */
final class TelemetrySource {
  private static final Logger LOG = LoggerFactory.getLogger(TelemetrySource.class);
  // Bound: files taken from the folder at once.
  private static final int FILES_MAX = 1_000;

  private final AgentFile file;
  private final Agent agent;
  private final Executor threads;

  TelemetrySource(AgentFile file, Agent agent, Executor threads) {
    this.file = file;
    this.agent = agent;
    this.threads = threads;
  }

  /** Takes what there is now. */
  void take() {
    file.telemetry()
        .ifPresent(
            program -> {
              var ended = program.run(new byte[0], threads);
              if (!ended.worked()) {
                LOG.atWarn()
                    .addKeyValue("code", ended.code())
                    .addKeyValue("why", ended.why())
                    .log("the telemetry program failed");
              }
              ended.output().lines().filter(line -> !line.isBlank()).forEach(this::say);
            });
    file.spool().ifPresent(this::spool);
  }

  private void spool(Path folder) {
    try (var files = Files.list(folder)) {
      var ready =
          files
              // What begins with a dot is being written.
              .filter(one -> !String.valueOf(one.getFileName()).startsWith("."))
              .filter(Files::isRegularFile)
              .sorted(Comparator.comparing(Path::toString))
              .limit(FILES_MAX)
              .toList();
      for (var one : ready) {
        if (Files.size(one) > Telemetry.PAYLOAD_MAX) {
          LOG.atWarn().addKeyValue("file", one).log("too long to be telemetry; it stays");
        } else if (agent.publish(agent.telemetryTopic(), Files.readAllBytes(one)) > 0) {
          // Deleted after it is in the outbox: a crash in between says it twice.
          Files.delete(one);
        }
      }
    } catch (IOException e) {
      LOG.atWarn().setCause(e).addKeyValue("folder", folder).log("the spool cannot be read");
    }
  }

  /** Takes each line of that stream, until it ends. */
  void follow(java.io.InputStream lines) {
    try (var reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        say(line);
      }
    } catch (IOException e) {
      throw Failure.unavailable("standard input could not be read", e);
    }
  }

  private void say(String line) {
    try {
      agent.publish(agent.telemetryTopic(), line.getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      LOG.atWarn().addKeyValue("why", e.getMessage()).log("a line is not taken");
    }
  }
}
