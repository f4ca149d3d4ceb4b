package io.sallyport.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.Agent;
import io.sallyport.agent.Settings;
import io.sallyport.agent.Status;
import io.sallyport.agent.Witness;
import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.command.Commands;
import io.sallyport.agent.job.JobHandler;
import io.sallyport.agent.mqtt.Network;
import io.sallyport.identity.Pem;
import io.sallyport.identity.command.AllowList;
import io.sallyport.identity.command.Channel;
import io.sallyport.identity.command.CommandHandler;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.CommandRule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a fleet does all day, end to end: the agent, and every service of a whole server. */
class AgentServicesTest {
  private static final JsonMapper JSON = new JsonMapper();

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

  private static JsonNode said(String... words) {
    var all = new ArrayList<>(java.util.List.of(words));
    all.add("--json");
    var ran = yard.run(all.toArray(new String[0]));
    assertThat(ran.code()).as(ran.err() + ran.out()).isZero();
    return JSON.readTree(ran.out());
  }

  private static Agent agent(String id) throws Exception {
    return new Agent(yard.settings(id), network, Yard.WEATHER, new Witness() {});
  }

  private static Status status(Agent agent) {
    return agent.status().join();
  }

  private static long active(String id) {
    return said("device", "show", id)
        .path("certificates")
        .valueStream()
        .filter(one -> one.path("status").asString().equalsIgnoreCase("active"))
        .count();
  }

  /** The keys that the server signs commands with, and what this device obeys. */
  private static Commands.Authority authority() throws Exception {
    var exported = yard.run("command", "key", "export");
    assertThat(exported.code()).as(exported.err()).isZero();
    var signers = new ArrayList<AllowList.Signer>();
    var rule = new CommandRule(Set.of(Channel.COMMANDS), false, Map.of(), Map.of());
    for (var der : Pem.decodeAll(exported.out(), "PUBLIC KEY")) {
      var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
      signers.add(new AllowList.Signer(key, Map.of(new CommandName("blink"), rule)));
    }
    assertThat(signers).hasSize(2);
    return new Commands.Authority("sallyport", new AllowList(signers));
  }

  @Test
  void aCertificateIsRotatedWhileTheDeviceGoesOn() throws Exception {
    try (var agent = agent("rotating-1")) {
      agent.start();
      Yard.await("connected", () -> status(agent).connected());
      long before = status(agent).credential();

      said("rotate", "start", "rotating-1");

      Yard.await(
          "the new key's connection",
          () -> status(agent).connected() && status(agent).credential() > before);
      // Make before break: both open the gate until the grace is over.
      assertThat(active("rotating-1")).isEqualTo(2);
      agent.publish(agent.telemetryTopic(), "after".getBytes(StandardCharsets.UTF_8));
      Yard.await("said with the new key", () -> status(agent).acknowledged() == 1);
      Yard.await(
          "proven",
          () ->
              yard.run("rotate", "status", "--json")
                  .out()
                  .toLowerCase(Locale.ROOT)
                  .contains("proven"));
    }
  }

  @Test
  void aSignedCommandIsDoneOnceAndItsReplayIsNot() throws Exception {
    var settings = yard.settings("obedient-1").with(authority());
    var done = new AtomicInteger();
    try (var agent = new Agent(settings, network, Yard.WEATHER, new Witness() {})) {
      Objects.requireNonNull(agent.commands())
          .handle(
              "blink",
              _ -> new CommandHandler.Done(true, "blinked " + done.incrementAndGet(), null));
      agent.start();
      Yard.await("connected", () -> status(agent).connected());

      var answered = said("command", "send", "obedient-1", "blink", "--wait");

      assertThat(answered.toString()).contains("executed").contains("device-key");
      assertThat(done).hasValue(1);

      // What this device does not allow is refused by it, and the refusal is signed.
      var refused = yard.run("command", "send", "obedient-1", "explode", "--wait", "--json");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.out()).contains("not-allowed");
      assertThat(done).hasValue(1);
    }
  }

  /** As {@code sallyport agent --bundle DIR} does, without a file of its own. */
  private static Agent outOfTheBox(Settings settings) {
    var duties = new Duties(AgentFile.defaults(), Yard.THREADS, _ -> {});
    var own = settings.with(duties.authority(settings.bundle().commands()));
    var agent = new Agent(own, network, Yard.WEATHER, new Witness() {});
    duties.giveTo(agent);
    agent.start();
    return agent;
  }

  private static String commanded(String id, String name) {
    return yard.run("command", "send", id, name, "--wait", "--json").out();
  }

  @Test
  void aBundleIsEnoughToBeCommandedAlsoAfterTheKeysWereRotated() throws Exception {
    var settings = yard.settings("boxed-1");
    try (var agent = outOfTheBox(settings)) {
      Yard.await("connected", () -> status(agent).connected());
      assertThat(commanded("boxed-1", "ping")).contains("executed").contains("pong");
      assertThat(commanded("boxed-1", "flash-firmware")).doesNotContain("executed");
      assertThat(commanded("boxed-1", "set-interval")).contains("not-allowed");
      said("command", "key", "rotate");
      assertThat(commanded("boxed-1", "ping")).contains("executed");
      // The key that signs now was made after the bundle was.
      said("command", "key", "rotate");
      assertThat(commanded("boxed-1", "ping")).contains("executed");
    }
    for (int i = 0; i < 3; i++) {
      said("command", "key", "rotate");
    }
    try (var agent = outOfTheBox(settings)) {
      Yard.await("connected", () -> status(agent).connected());
      assertThat(commanded("boxed-1", "ping")).contains("executed");
    }
  }

  private static void openssl(String... words) throws Exception {
    var all = new ArrayList<>(java.util.List.of("openssl"));
    all.addAll(java.util.List.of(words));
    var process = new ProcessBuilder(all).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  @Test
  void aDeviceWithAnRsaKeyOfItsOwnSignsItsReceipts() throws Exception {
    var key = folder.resolve("rsa.key").toString();
    var request = folder.resolve("rsa.csr").toString();
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key);
    openssl("req", "-new", "-key", key, "-subj", "/CN=rsa-1", "-out", request);
    var bundle = folder.resolve("bundle-rsa-1");
    said("device", "enroll", "rsa-1", "--csr", request);
    said("device", "bundle", "rsa-1", "--format", "agent", "--out", bundle + "");
    Files.move(Path.of(key), bundle.resolve("device.key"));
    var settings =
        Settings.of(Bundle.read(bundle, null), folder.resolve("state-rsa-1")).with(Yard.QUICK);

    try (var agent = outOfTheBox(settings)) {
      Yard.await("connected", () -> status(agent).connected());
      assertThat(commanded("rsa-1", "ping")).contains("executed").contains("device-key");
    }
  }

  @Test
  void whatAnOperatorWantsIsDoneAndReported() throws Exception {
    var heard = new CopyOnWriteArrayList<String>();
    try (var agent = agent("shadowed-1")) {
      agent.withShadow(
          shadow ->
              shadow.onDesired(
                  "unit",
                  wish -> {
                    heard.add(wish.asString());
                    shadow.report("unit", wish);
                  }));
      agent.start();
      Yard.await("connected", () -> status(agent).connected());

      said("shadow", "update", "shadowed-1", "{\"state\":{\"desired\":{\"unit\":\"kelvin\"}}}");

      Yard.await("heard", () -> heard.contains("kelvin"));
      Yard.await(
          "reported",
          () ->
              said("shadow", "get", "shadowed-1")
                  .toString()
                  .matches(".*\"reported\":\\{[^}]*\"unit\":\"kelvin\".*"));
      assertThat(said("shadow", "get", "shadowed-1").toString()).doesNotContain("\"delta\"");
    }
  }

  @Test
  void aJobIsDone() throws Exception {
    var document = Files.writeString(folder.resolve("job.json"), "{\"operation\":\"clean\"}");
    var done = new AtomicInteger();
    try (var agent = agent("working-1")) {
      agent.withJobs(
          jobs ->
              jobs.handle(
                  "clean",
                  (_, _) -> {
                    done.incrementAndGet();
                    return new JobHandler.Done(true, "clean");
                  }));
      agent.start();
      Yard.await("connected", () -> status(agent).connected());

      said("job", "create", "clean-1", "--document", document.toString(), "--device", "working-1");

      Yard.await("done", () -> done.get() == 1);
      Yard.await(
          "succeeded", () -> said("job", "executions", "clean-1").toString().contains("SUCCEEDED"));
    }
  }
}
