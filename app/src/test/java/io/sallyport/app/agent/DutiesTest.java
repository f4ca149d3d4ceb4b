package io.sallyport.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.agent.Agent;
import io.sallyport.agent.Witness;
import io.sallyport.agent.mqtt.Network;
import io.sallyport.cli.terminal.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an agent does by its {@code agent.yaml}, told by a whole server. */
class DutiesTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private static Path folder;
  private static Yard yard;
  private static Network network;

  @BeforeAll
  static void start() throws IOException {
    yard = new Yard(folder);
    network = new Network(1);
    Files.writeString(folder.resolve("command.pem"), yard.run("command", "key", "export").out());
  }

  @AfterAll
  static void stop() {
    network.close();
    yard.close();
  }

  private static Path program(String name, String script) throws IOException {
    var file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static AgentFile file(String text) throws IOException {
    var keys = "command-keys: [" + folder.resolve("command.pem") + "]\n";
    return AgentFile.read(Files.writeString(folder.resolve("agent.yaml"), keys + text));
  }

  private static Agent agent(String id, Duties duties) throws Exception {
    var settings = yard.settings(id).with(duties.authority(null));
    var agent = new Agent(settings, network, Yard.WEATHER, new Witness() {});
    duties.giveTo(agent);
    agent.start();
    Yard.await("connected", () -> agent.status().join().connected());
    return agent;
  }

  private static JsonNode sent(String id, String... words) {
    var all = new java.util.ArrayList<>(List.of("command", "send", id));
    all.addAll(List.of(words));
    all.addAll(List.of("--wait", "--json"));
    var ran = yard.run(all.toArray(new String[0]));
    assertThat(ran.out()).as(ran.err()).isNotEmpty();
    return JSON.readTree(ran.out());
  }

  @Test
  void doesItsOwnAndItsOwnersThings() throws Exception {
    var echo = program("echo", "cat; echo; echo second line");
    var fail = program("fail", "echo no water; exit 7");
    var interval = new AtomicReference<>(Duration.ofMinutes(1));
    var duties =
        new Duties(
            file(
                """
                allow: [ping, report, set-interval, echo, fail]
                programs:
                  echo: {path: %s, options: [n, text, on, what]}
                  fail: {path: %s}
                """
                    .formatted(echo, fail)),
            Yard.THREADS,
            interval::set);
    try (var agent = agent("duties-1", duties)) {
      assertThat(sent("duties-1", "ping").path("detail").asString()).isEqualTo("pong");
      assertThat(sent("duties-1", "set-interval", "seconds=5").path("detail").asString())
          .isEqualTo("5 s");
      assertThat(interval).hasValue(Duration.ofSeconds(5));
      assertThat(sent("duties-1", "set-interval", "seconds=0").path("reason").asString())
          .isEqualTo("arguments");
      assertThat(sent("duties-1", "set-interval").path("reason").asString()).isEqualTo("arguments");
      assertThat(sent("duties-1", "echo", "n=3", "text=a b", "on=true").path("detail").asString())
          .isEqualTo("{\"command\":\"echo\",\"arguments\":{\"n\":3,\"on\":true,\"text\":\"a b\"}}");
      assertThat(sent("duties-1", "echo", "what:=[1,{\"a\":2}]").path("status").asString())
          .isEqualTo("executed");
      var failed = sent("duties-1", "fail");
      assertThat(failed.path("status").asString()).isEqualTo("failed");
      assertThat(failed.path("detail").asString()).isEqualTo("exit code 7: no water");

      agent.publish(agent.telemetryTopic(), "1".getBytes(StandardCharsets.UTF_8));
      Yard.await("said", () -> agent.status().join().acknowledged() == 1);
      assertThat(sent("duties-1", "report").path("status").asString()).isEqualTo("executed");
      Yard.await(
          "reported",
          () -> {
            var reported = shadow("duties-1").path("reported");
            return reported.path("agent").path("acknowledged").asInt() == 1
                && reported.path("interval").asInt() == 5;
          });
    }
  }

  private static JsonNode shadow(String id) {
    return JSON.readTree(yard.run("shadow", "get", id, "--json").out()).path("state");
  }

  @Test
  void followsTheIntervalThatIsDesiredWithinItsBounds() throws Exception {
    var interval = new AtomicReference<>(Duration.ofMinutes(1));
    var duties = new Duties(file("allow: [ping]"), Yard.THREADS, interval::set);
    try (var _ = agent("duties-2", duties)) {
      for (var wrong : List.of("0", "86401", "\"5\"", "1.5", "null")) {
        desire("duties-2", wrong);
      }
      desire("duties-2", "7");

      Yard.await("heard", () -> interval.get().equals(Duration.ofSeconds(7)));
      Yard.await("told", () -> shadow("duties-2").path("reported").path("interval").asInt() == 7);
    }
  }

  private static void desire(String id, String interval) {
    var ran =
        yard.run(
            "shadow",
            "update",
            id,
            "{\"state\":{\"desired\":{\"interval\":%s}}}".formatted(interval));
    assertThat(ran.code()).as(ran.err()).isZero();
  }

  @Test
  void doesJobsByItsPrograms() throws Exception {
    var flush = program("flush", "cat >> " + folder.resolve("flushed"));
    var text = "programs:\n  flush: {path: " + flush + "}\n";
    var duties = new Duties(file(text), Yard.THREADS, _ -> {});
    var document =
        Files.writeString(folder.resolve("job.json"), "{\"operation\":\"flush\",\"tank\":2}");
    try (var _ = agent("duties-3", duties)) {
      var made =
          yard.run(
              "job",
              "create",
              "flush-1",
              "--document",
              document.toString(),
              "--device",
              "duties-3");
      assertThat(made.code()).as(made.err()).isZero();

      Yard.await(
          "done",
          () -> yard.run("job", "executions", "flush-1", "--json").out().contains("SUCCEEDED"));
      assertThat(folder.resolve("flushed"))
          .hasContent(
              "{\"job\":\"flush\",\"resumed\":false,"
                  + "\"document\":{\"operation\":\"flush\",\"tank\":2}}");
    }
  }

  @Test
  void refusesWhatNobodyCouldObey() throws IOException {
    var elsewhere = Files.writeString(folder.resolve("no.pem"), "nothing");
    refuses("allow: [fly]", "allow: 'fly' is neither ping, report, set-interval nor one");
    refuses("allow: ['a b']", "allow: ");
    assertThatThrownBy(
            () ->
                new Duties(
                        AgentFile.read(
                            Files.writeString(
                                folder.resolve("keys.yaml"), "command-keys: [" + elsewhere + "]")),
                        Yard.THREADS,
                        _ -> {})
                    .authority(null))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("command-keys: ");
    assertThat(new Duties(AgentFile.defaults(), Yard.THREADS, _ -> {}).authority(null)).isNull();
  }

  private static void refuses(String text, String why) throws IOException {
    var duties = new Duties(file(text), Yard.THREADS, _ -> {});
    assertThatThrownBy(() -> duties.authority(null))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(why);
  }
}
