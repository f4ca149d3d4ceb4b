package io.sallyport.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.bundle.MalformedBundle;
import io.sallyport.agent.mqtt.Network;
import io.sallyport.agent.state.Sync;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.Command;
import io.sallyport.identity.command.CommandHandler;
import io.sallyport.identity.command.CommandId;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.SignedCommand;
import io.sallyport.identity.issuance.EnvelopeKeys;
import io.sallyport.identity.issuance.KeyPairs;
import io.sallyport.identity.rotation.Backoff;
import io.sallyport.identity.rotation.device.DeviceRules;
import io.sallyport.testkit.TestCa;
import io.sallyport.testkit.TestIdentity;
import io.sallyport.testkit.TestLeaf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** One agent and a server that says whatever a test wants. */
abstract class AgentStage {
  @SuppressWarnings("TimeInStaticInitializer") // Certificates of one run.
  static final Instant NOW = Instant.now();

  static final TestCa CA = TestCa.create(NOW);

  static final JsonMapper JSON = new JsonMapper();

  static final Patience QUICK =
      new Patience(
          new DeviceRules(
              new Backoff(Duration.ofMillis(30), Duration.ofMillis(100)),
              new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1)),
              new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1)),
              Duration.ofDays(8)),
          100,
          Duration.ofSeconds(20));

  @TempDir Path folder;

  final Network network = new Network(1);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @Nullable ScriptedServer server;

  @Nullable Agent agent;

  @BeforeEach
  void begin() {
    server = new ScriptedServer(CA.server());
  }

  @AfterEach
  void end() {
    if (agent != null) {
      agent.close();
    }
    server().close();
    network.close();
    // What an agent was still writing would come into the folder while that is being removed.
    threads.close();
  }

  ScriptedServer server() {
    return java.util.Objects.requireNonNull(server);
  }

  static TestLeaf serverLeaf() {
    return CA.draft().commonName("Test Server").dnsName("localhost").forServers();
  }

  void replace(TestIdentity identity) {
    server().close();
    server = new ScriptedServer(identity);
  }

  void untrusted(Settings settings, String why) throws Exception {
    var started = start(settings);
    say(started, "secret");
    await(() -> status(started).lastEnding().contains(why));
    Thread.sleep(300);
    assertThat(server().connects()).isZero();
    assertThat(server().published()).isEmpty();
    assertThat(status(started).telemetry().waiting()).isEqualTo(1);
  }

  static Agent obeying(Agent agent, AtomicInteger done) {
    var commands = java.util.Objects.requireNonNull(agent.commands());
    commands.handle(
        "blink",
        _ -> {
          done.incrementAndGet();
          return new CommandHandler.Done(true, "blinked", null);
        });
    return agent;
  }

  static byte[] signed(java.security.KeyPair keys, String name, long sequence) {
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var command =
        new Command(
            new CommandId("%032x".formatted(sequence)),
            new io.sallyport.identity.PrincipalId("d-1"),
            sequence,
            now,
            now.plusSeconds(60),
            new CommandName(name),
            Map.of(),
            0,
            null);
    return SignedCommand.sign(
        command, "sallyport", PublicKeyHash.of(keys.getPublic()), EnvelopeKeys.of(keys));
  }

  void command(byte[] message) {
    server().send("devices/d-1/commands", message);
  }

  long receipts() {
    return server().published().stream()
        .filter(one -> one.startsWith("devices/d-1/commands/receipts "))
        .count();
  }

  void wish(String nonce, long version, @Nullable String certificate) {
    var document = JSON.createObjectNode().put("version", version);
    var rotation = document.putObject("state").putObject("rotation");
    rotation.put("nonce", nonce).put("asked", NOW.toString());
    rotation.put("rotateBy", NOW.plusSeconds(3600).toString());
    if (certificate != null) {
      rotation.put("certificate", certificate);
    }
    shadow("update/delta", JSON.writeValueAsString(document));
  }

  /** What the authority makes of the request that came. */
  String certified() throws Exception {
    var update =
        server().published().stream()
            .filter(one -> one.contains("BEGIN CERTIFICATE REQUEST"))
            .reduce((_, last) -> last)
            .orElseThrow();
    var csr =
        JSON.readTree(update.substring(update.indexOf(' ')))
            .path("state")
            .path("reported")
            .path("rotation")
            .path("csr")
            .asString();
    var request =
        new org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest(
            Pem.decode(csr, "CERTIFICATE REQUEST"));
    var leaf =
        CA.draft()
            .commonName("d-1")
            .uri("urn:sallyport:device:d-1")
            .forClients()
            .keys(new java.security.KeyPair(request.getPublicKey(), KeyPairs.p256().getPrivate()))
            .sign();
    return Pem.of(leaf.chain());
  }

  static void refused(Path bundle, String why) {
    assertThatThrownBy(() -> Bundle.read(bundle, null))
        .isInstanceOf(MalformedBundle.class)
        .hasMessageContaining(why);
  }

  Settings settings(String pins) throws Exception {
    return Settings.of(Bundle.read(bundle(pins), null), folder.resolve("state"))
        .with(Sync.PROCESS)
        .with(QUICK);
  }

  Path bundle(String pins) throws Exception {
    var made = Files.createDirectories(folder.resolve("bundle"));
    var device = CA.device("d-1");
    Files.writeString(made.resolve("ca.crt"), Pem.of(CA.root()));
    Files.writeString(made.resolve("device.crt"), Pem.of(device.chain()));
    Files.write(
        made.resolve("device.key"), Pem.encode("PRIVATE KEY", device.privateKey().getEncoded()));
    Files.setPosixFilePermissions(
        made.resolve("device.key"), PosixFilePermissions.fromString("rw-------"));
    Files.writeString(
        made.resolve("config.json"),
        "{\"endpoint\":\"localhost\",\"port\":" + server().port() + "}");
    if (!pins.isEmpty()) {
      Files.writeString(made.resolve("pins.txt"), "# pins\n" + pins);
    }
    return made;
  }

  static String pins(X509Certificate... of) {
    var text = new StringBuilder();
    for (var one : of) {
      text.append(pin(one));
    }
    return text.toString();
  }

  static String pin(X509Certificate of) {
    return "key " + PublicKeyHash.of(of.getPublicKey()).pin() + "\n";
  }

  Weather weather() {
    return new Weather(InstantSource.system(), 1, threads);
  }

  Agent make(Settings settings) {
    var made = new Agent(settings, network, weather(), new Witness() {});
    agent = made;
    return made;
  }

  Agent start(Settings settings) {
    var made = make(settings);
    made.start();
    return made;
  }

  static void say(Agent agent, String text) {
    agent.publish(agent.telemetryTopic(), text.getBytes(StandardCharsets.UTF_8));
  }

  static Status status(Agent agent) {
    return agent.status().join();
  }

  boolean published(String part) {
    return server().published().stream().anyMatch(one -> one.contains(part));
  }

  long telemetry() {
    return server().published().stream().filter(one -> one.startsWith("devices/")).count();
  }

  void shadow(String verb, String document) {
    server().send("$aws/things/d-1/shadow/" + verb, document);
  }

  void job(String verb, String document) {
    server().send("$aws/things/d-1/jobs/" + verb, document);
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    for (var i = 0; i < 1_000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("never came to be");
  }
}
