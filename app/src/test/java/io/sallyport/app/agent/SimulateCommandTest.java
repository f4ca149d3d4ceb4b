package io.sallyport.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A small fleet against a whole server: what it says at the end, and its exit code. */
class SimulateCommandTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private static Path folder;
  private static Yard yard;

  @BeforeAll
  static void start() {
    yard = new Yard(folder);
  }

  @AfterAll
  static void stop() {
    yard.close();
  }

  @Test
  void aFleetThatHeldEndsWithZeroAndIsRevoked() {
    var ran =
        yard.run(
            "simulate",
            "--devices",
            "5",
            "--duration",
            "3s",
            "--rate",
            "20",
            "--storm-every",
            "1s",
            "--storm-share",
            "1");

    assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out().lines().map(line -> line.split(" ", -1)[0]))
        .startsWith(
            "devices",
            "time",
            "connected",
            "connections",
            "published",
            "acknowledged",
            "waiting",
            "denied",
            "lost",
            "latency")
        .endsWith("held");
    assertThat(ran.out())
        .contains("held           yes: all connected at the end, everything acknowledged");
    assertThat(ran.err()).contains("enrolling 5 devices as batch sim-").contains("are revoked");
    assertThat(yard.run("device", "list", "--json").out()).doesNotContain("\"active\"");
  }

  @Test
  void aFleetThatIsRefusedEndsWithOneAndSaysWhy() {
    var fleet = folder.resolve("fleet");
    var made =
        yard.run(
            "factory",
            "--batch",
            "gone",
            "--count",
            "2",
            "--out",
            fleet.toString(),
            "--format",
            "agent");
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(yard.run("batch", "kill", "gone", "--reason", "keyCompromise").code()).isZero();

    var ran =
        yard.run(
            "simulate",
            "--bundles",
            fleet.toString(),
            "--duration",
            "1s",
            "--rate",
            "0",
            "--settle",
            "1s",
            "--json");

    assertThat(ran.code()).isEqualTo(1);
    var said = JSON.readTree(ran.out());
    assertThat(said.path("held").asBoolean(true)).isFalse();
    assertThat(said.path("devices").asInt()).isEqualTo(2);
    assertThat(said.path("connected").asInt()).isZero();
    assertThat(said.path("endings").toString()).contains("certificate");
  }
}
