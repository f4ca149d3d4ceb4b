package io.sallyport.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.Agent;
import io.sallyport.agent.Witness;
import io.sallyport.agent.mqtt.Network;
import io.sallyport.agent.outbox.Limits;
import io.sallyport.agent.outbox.Telemetry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes telemetry, of an agent that has no connection: all of it waits. */
class TelemetrySourceTest {
  @TempDir private static Path folder;
  private static Yard yard;
  private static Network network;

  @BeforeAll
  static void start() {
    yard = new Yard(folder);
    network = new Network(1);
  }

  @AfterAll
  static void stop() {
    network.close();
    yard.close();
  }

  private static AgentFile file(String text) throws IOException {
    return AgentFile.read(Files.writeString(folder.resolve("agent.yaml"), text));
  }

  private static Agent agent(String id, Limits limits) throws Exception {
    return new Agent(yard.settings(id).with(limits), network, Yard.WEATHER, new Witness() {});
  }

  private static long waiting(Agent agent) {
    return agent.status().join().telemetry().waiting();
  }

  @Test
  void takesEachLineOfAProgramAndOfItsInput() throws Exception {
    var program = Files.writeString(folder.resolve("read"), "#!/bin/sh\necho 21\necho\necho 22\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    var file = file("telemetry: {path: " + program + "}");
    try (var agent = agent("lines-1", file.limits())) {
      var source = new TelemetrySource(file, agent, Yard.THREADS);
      source.take();
      assertThat(waiting(agent)).isEqualTo(2);

      var tooLong = "x".repeat(Telemetry.PAYLOAD_MAX + 1);
      var lines = ("23\n" + tooLong + "\n24").getBytes(StandardCharsets.UTF_8);
      source.follow(new ByteArrayInputStream(lines));
      assertThat(waiting(agent)).isEqualTo(4);
    }
  }

  @Test
  void aProgramThatFailsStillSaysWhatItSaid() throws Exception {
    var program = Files.writeString(folder.resolve("fails"), "#!/bin/sh\necho 21\nexit 1\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    var file = file("telemetry: {path: " + program + "}");
    try (var agent = agent("lines-2", file.limits())) {
      new TelemetrySource(file, agent, Yard.THREADS).take();
      assertThat(waiting(agent)).isEqualTo(1);
    }
  }

  @Test
  void takesWholeFilesAndLeavesWhatItCannotTake() throws Exception {
    var spool = Files.createDirectory(folder.resolve("spool"));
    var file = file("spool: " + spool + "\nbuffer-count: 2\nwhen-full: refuse-newest\n");
    Files.writeString(spool.resolve("a"), "1");
    Files.writeString(spool.resolve(".being-written"), "2");
    Files.write(spool.resolve("b"), new byte[Telemetry.PAYLOAD_MAX + 1]);
    Files.createDirectory(spool.resolve("c"));
    Files.writeString(spool.resolve("d"), "3");
    Files.writeString(spool.resolve("e"), "4");
    try (var agent = agent("spool-1", file.limits())) {
      var source = new TelemetrySource(file, agent, Yard.THREADS);
      source.take();

      // There is room for two.
      assertThat(waiting(agent)).isEqualTo(2);
      try (var left = Files.list(spool)) {
        assertThat(left.map(one -> one.getFileName().toString()))
            .containsExactlyInAnyOrder(".being-written", "b", "c", "e");
      }
    }
  }

  @Test
  void aFolderThatIsNotThereEndsNothing() throws Exception {
    var file = file("spool: " + folder.resolve("none"));
    try (var agent = agent("spool-2", file.limits())) {
      new TelemetrySource(file, agent, Yard.THREADS).take();
      assertThat(waiting(agent)).isZero();
    }
  }
}
