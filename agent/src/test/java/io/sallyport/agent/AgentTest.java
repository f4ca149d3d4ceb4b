package io.sallyport.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.bundle.MalformedBundle;
import io.sallyport.agent.command.Commands;
import io.sallyport.agent.job.JobHandler;
import io.sallyport.agent.mqtt.Network;
import io.sallyport.agent.state.StateDirectory;
import io.sallyport.agent.state.StateUnavailable;
import io.sallyport.agent.state.Sync;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.AllowList;
import io.sallyport.identity.command.Channel;
import io.sallyport.identity.command.Command;
import io.sallyport.identity.command.CommandHandler;
import io.sallyport.identity.command.CommandId;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.CommandRule;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** One agent against a server that says whatever a test wants. */
class AgentTest {
  @SuppressWarnings("TimeInStaticInitializer") // Certificates of one run.
  private static final Instant NOW = Instant.now();

  private static final TestCa CA = TestCa.create(NOW);
  private static final JsonMapper JSON = new JsonMapper();
  private static final Patience QUICK =
      new Patience(
          new DeviceRules(
              new Backoff(Duration.ofMillis(30), Duration.ofMillis(100)),
              new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1)),
              new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1)),
              Duration.ofDays(8)),
          100,
          Duration.ofSeconds(20));

  @TempDir private Path folder;
  private final Network network = new Network(1);
  private @Nullable ScriptedServer server;
  private @Nullable Agent agent;

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
  }

  private ScriptedServer server() {
    return java.util.Objects.requireNonNull(server);
  }

  // ---- whom it trusts

  @Test
  void speaksToAServerWhoseKeyIsPinned() throws Exception {
    var started = start(settings(pins(CA.server().certificate(), CA.servers())));
    say(started, "hello");
    await(() -> status(started).acknowledged() == 1);
    assertThat(server().published()).contains("devices/d-1/telemetry hello");
  }

  @Test
  void theBackupPinIsEnough() throws Exception {
    var backup = KeyPairs.p256().getPublic();
    var started =
        start(settings("backup " + PublicKeyHash.of(backup).pin() + "\n" + pin(CA.servers())));
    await(() -> status(started).connected());
  }

  @Test
  void saysNothingToAServerWhoseKeyIsNotPinned() throws Exception {
    var other = PublicKeyHash.of(KeyPairs.p256().getPublic());
    untrusted(settings("server " + other.pin() + "\n"), "pinned");
  }

  @Test
  void saysNothingToAServerOfAnotherName() throws Exception {
    replace(CA.operator("not-a-server"));
    untrusted(settings(""), "not trusted");
  }

  @Test
  void saysNothingToAServerWhoseCertificateHasExpired() throws Exception {
    var expired =
        serverLeaf().valid(NOW.minus(Duration.ofDays(9)), NOW.minus(Duration.ofDays(1))).sign();
    replace(expired);
    untrusted(settings(""), "not trusted");
  }

  @Test
  void saysNothingToAServerOfAnotherAuthority() throws Exception {
    replace(TestCa.create(NOW).server());
    untrusted(settings(""), "not trusted");
  }

  private static TestLeaf serverLeaf() {
    return CA.draft().commonName("Test Server").dnsName("localhost").forServers();
  }

  private void replace(TestIdentity identity) {
    server().close();
    server = new ScriptedServer(identity);
  }

  private void untrusted(Settings settings, String why) throws Exception {
    var started = start(settings);
    say(started, "secret");
    await(() -> status(started).lastEnding().contains(why));
    Thread.sleep(300);
    assertThat(server().connects()).isZero();
    assertThat(server().published()).isEmpty();
    assertThat(status(started).telemetry().waiting()).isEqualTo(1);
  }

  // ---- the server says no, or not now

  @Test
  void aRefusedDeviceWaitsLong() throws Exception {
    server().answerConnects(0x8A);
    var started = start(settings(""));
    await(() -> status(started).lastEnding().contains("0x8a"));
    Thread.sleep(1_000);
    assertThat(server().connects()).isLessThanOrEqualTo(2);
  }

  @Test
  void comesBackSoonFromABusyServer() throws Exception {
    server().answerConnects(0x89);
    var started = start(settings(""));
    await(() -> server().connects() > 3);
    server().answerConnects(0);
    await(() -> status(started).connected());
  }

  @Test
  void aBannedDeviceIsNotAtItAgainAtOnce() throws Exception {
    var started = start(settings(""));
    await(() -> status(started).connected());
    server().disconnect(0x98);
    await(() -> status(started).lastEnding().contains("0x98"));
    Thread.sleep(500);
    assertThat(server().connects()).isEqualTo(1);
  }

  @Test
  void whatPolicyForbidsIsDroppedAndCounted() throws Exception {
    server().answerPublishes(0x87);
    var started = start(settings(""));
    say(started, "forbidden");
    await(() -> status(started).denied() == 1);
    assertThat(status(started).telemetry().waiting()).isZero();
  }

  @Test
  void whatTheServerHasNoRoomForGoesAgain() throws Exception {
    server().answerPublishes(0x97);
    var started = start(settings(""));
    say(started, "patient");
    await(() -> telemetry() >= 1);
    server().answerPublishes(0);
    await(() -> status(started).acknowledged() == 1);
    assertThat(telemetry()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void whatWasNotAcknowledgedGoesAgainInOrder() throws Exception {
    server().beSilent(true);
    var started = start(settings(""));
    for (var i = 0; i < 5; i++) {
      say(started, "n" + i);
    }
    await(() -> telemetry() == 5);
    server().published().clear();
    server().beSilent(false);
    server().cut();
    await(() -> status(started).acknowledged() == 5);
    assertThat(server().published().stream().filter(one -> one.startsWith("devices/")).toList())
        .containsExactly(
            "devices/d-1/telemetry n0",
            "devices/d-1/telemetry n1",
            "devices/d-1/telemetry n2",
            "devices/d-1/telemetry n3",
            "devices/d-1/telemetry n4");
  }

  // ---- shadow

  @Test
  void followsTheShadowAndSaysWhatItIs() throws Exception {
    var heard = new AtomicInteger();
    var made = make(settings(""));
    made.withShadow(
        shadow ->
            shadow.onDesired(
                "level",
                wish -> {
                  heard.set(wish.asInt());
                  shadow.report("level", wish);
                }));
    made.start();
    await(() -> published("shadow/get"));
    shadow("get/rejected", "{\"code\":404,\"message\":\"none\"}");
    shadow("update/delta", "{\"version\":3,\"state\":{\"level\":7}}");
    await(
        () ->
            heard.get() == 7 && published("shadow/update {\"state\":{\"reported\":{\"level\":7}"));
    shadow("update/delta", "{\"version\":2,\"state\":{\"level\":1}}");
    shadow("update/delta", "rubbish");
    shadow("update/accepted", "{\"version\":4,\"clientToken\":\"agent-1\"}");
    var pending = new AtomicInteger(-1);
    await(
        () -> {
          made.withShadow(shadow -> pending.set(shadow.isPending() ? 1 : 0));
          return pending.get() == 0;
        });
    assertThat(heard.get()).isEqualTo(7);
    shadow(
        "get/accepted",
        "{\"version\":9,\"state\":{\"desired\":{\"level\":8},\"delta\":{\"level\":8}}}");
    await(() -> heard.get() == 8);
    shadow("update/rejected", "{\"code\":400,\"message\":\"no\",\"clientToken\":\"agent-2\"}");
  }

  // ---- jobs

  @Test
  void doesAJobAndTellsWhatCameOfIt() throws Exception {
    var made = make(settings(""));
    made.withJobs(
        jobs -> jobs.handle("blink", (document, _) -> new JobHandler.Done(true, "blinked")));
    made.start();
    await(() -> published("jobs/start-next"));
    job("start-next/accepted", "{}");
    job("notify-next", "{\"execution\":{\"jobId\":\"j1\"}}");
    job(
        "start-next/accepted",
        "{\"execution\":{\"jobId\":\"j1\",\"executionNumber\":1,\"versionNumber\":2,"
            + "\"jobDocument\":{\"operation\":\"blink\"}}}");
    await(() -> published("jobs/j1/update {\"status\":\"SUCCEEDED\""));
    server().published().clear();
    job("j1/update/accepted", "{}");
    await(() -> published("jobs/start-next"));
    job(
        "start-next/accepted",
        "{\"execution\":{\"jobId\":\"j2\",\"executionNumber\":1,\"jobDocument\":{\"operation\":\"x\"}}}");
    await(() -> published("jobs/j2/update {\"status\":\"REJECTED\""));
    job("j2/update/rejected", "{\"code\":\"VersionMismatch\"}");
  }

  @Test
  void tellsAResultAgainAndDoesNothingTwice() throws Exception {
    var done = new AtomicInteger();
    var settings = settings("");
    var made = make(settings);
    JobHandler handler =
        (document, resumed) -> {
          done.incrementAndGet();
          throw new IllegalStateException("broken");
        };
    made.withJobs(jobs -> jobs.handle("blink", handler));
    made.start();
    await(() -> published("jobs/start-next"));
    var execution =
        "{\"execution\":{\"jobId\":\"j1\",\"executionNumber\":1,\"versionNumber\":2,"
            + "\"jobDocument\":{\"operation\":\"blink\"}}}";
    job("start-next/accepted", execution);
    await(() -> published("jobs/j1/update {\"status\":\"FAILED\""));
    made.close();
    server().published().clear();
    agent = null;
    var again = make(settings);
    again.withJobs(jobs -> jobs.handle("blink", handler));
    again.start();
    await(() -> published("jobs/j1/update {\"status\":\"FAILED\""));
    job("start-next/accepted", execution);
    Thread.sleep(200);
    assertThat(done.get()).isEqualTo(1);
  }

  // ---- commands

  @Test
  void obeysASignedCommandOnceAlsoAfterARestart() throws Exception {
    var keys = KeyPairs.p256();
    var rule = new CommandRule(Set.of(Channel.COMMANDS), false, Map.of(), Map.of());
    var allowed =
        new AllowList(
            List.of(
                new AllowList.Signer(
                    keys.getPublic(),
                    Map.of(new CommandName("blink"), rule, new CommandName("nod"), rule))));
    var settings = settings("").with(new Commands.Authority("sallyport", allowed));
    var done = new AtomicInteger();
    var made = make(settings);
    obeying(made, done).start();
    await(() -> status(made).connected());
    var blink = signed(keys, "blink", 1);
    command(blink);
    await(() -> done.get() == 1 && receipts() == 1);
    command(blink);
    await(() -> receipts() == 2);
    command("rubbish".getBytes(StandardCharsets.UTF_8));
    blink[blink.length - 1] ^= 1;
    command(blink);
    blink[blink.length - 1] ^= 1;
    command(signed(keys, "nod", 2));
    await(() -> receipts() == 3);
    made.close();
    agent = null;
    var again = make(settings);
    obeying(again, done).start();
    await(() -> status(again).connected());
    command(blink);
    await(() -> receipts() == 4);
    assertThat(done.get()).isEqualTo(1);
  }

  private static Agent obeying(Agent agent, AtomicInteger done) {
    var commands = java.util.Objects.requireNonNull(agent.commands());
    commands.handle(
        "blink",
        _ -> {
          done.incrementAndGet();
          return new CommandHandler.Done(true, "blinked", null);
        });
    return agent;
  }

  private static byte[] signed(java.security.KeyPair keys, String name, long sequence) {
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

  private void command(byte[] message) {
    server().send("devices/d-1/commands", message);
  }

  private long receipts() {
    return server().published().stream()
        .filter(one -> one.startsWith("devices/d-1/commands/receipts "))
        .count();
  }

  // ---- rotation

  @Test
  void makesANewKeyProvesItAndFallsBackFromAForeignOne() throws Exception {
    var started = start(settings(""));
    await(() -> published("shadow/get"));
    wish("n1", 1, null);
    await(() -> published("BEGIN CERTIFICATE REQUEST"));
    // A certificate for somebody else's key, from the right authority.
    wish("n1", 2, Pem.of(CA.device("d-1").chain()));
    await(() -> published("\"state\":\"failed\""));
    assertThat(status(started).connected()).isTrue();
    assertThat(status(started).credential()).isZero();
  }

  @Test
  void connectsWithTheNewCertificate() throws Exception {
    var started = start(settings(""));
    await(() -> published("shadow/get"));
    wish("n1", 1, null);
    await(() -> published("BEGIN CERTIFICATE REQUEST"));
    wish("n1", 2, certified());
    await(() -> published("\"state\":\"proven\"") && status(started).credential() == 1);
    assertThat(server().published().stream().noneMatch(one -> one.contains("PRIVATE KEY")))
        .isTrue();
    assertThat(folder.resolve("state/device-1.key")).exists();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("state/device-1.key"))))
        .isEqualTo("rw-------");
  }

  private void wish(String nonce, long version, @Nullable String certificate) {
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
  private String certified() throws Exception {
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

  // ---- its folder

  @Test
  void refusesAFolderThatAnotherAgentHasOrThatOthersRead() throws Exception {
    var settings = settings("");
    make(settings);
    assertThatThrownBy(() -> new Agent(settings, network, weather(), new Witness() {}))
        .isInstanceOf(StateUnavailable.class)
        .hasMessageContaining("another agent");
    var open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> StateDirectory.open(open, Sync.DISK))
        .isInstanceOf(StateUnavailable.class)
        .hasMessageContaining("chmod 700");
  }

  @Test
  void refusesABundleThatItCannotUse() throws Exception {
    var bundle = bundle("");
    Files.setPosixFilePermissions(
        bundle.resolve("device.key"), PosixFilePermissions.fromString("rw-r--r--"));
    refused(bundle, "chmod 600");
    Files.setPosixFilePermissions(
        bundle.resolve("device.key"), PosixFilePermissions.fromString("rw-------"));
    Files.writeString(bundle.resolve("pins.txt"), "server nonsense\n");
    refused(bundle, "not a pin");
    Files.writeString(bundle.resolve("pins.txt"), "# none\n");
    refused(bundle, "0 pins");
    Files.delete(bundle.resolve("pins.txt"));
    Files.writeString(bundle.resolve("config.json"), "{}");
    refused(bundle, "endpoint");
    Files.delete(bundle.resolve("config.json"));
    refused(bundle, "--server");
    Files.writeString(bundle.resolve("device.crt"), Pem.of(CA.device("d-2").chain()));
    refused(bundle, "does not belong");
    Files.writeString(bundle.resolve("device.crt"), Pem.of(CA.backend("b-1").chain()));
    refused(bundle, "backend");
    refused(folder.resolve("nowhere"), "no bundle");
  }

  private static void refused(Path bundle, String why) {
    assertThatThrownBy(() -> Bundle.read(bundle, null))
        .isInstanceOf(MalformedBundle.class)
        .hasMessageContaining(why);
  }

  // ---- help

  private Settings settings(String pins) throws Exception {
    return Settings.of(Bundle.read(bundle(pins), null), folder.resolve("state"))
        .with(Sync.PROCESS)
        .with(QUICK);
  }

  private Path bundle(String pins) throws Exception {
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

  private static String pins(X509Certificate... of) {
    var text = new StringBuilder();
    for (var one : of) {
      text.append(pin(one));
    }
    return text.toString();
  }

  private static String pin(X509Certificate of) {
    return "key " + PublicKeyHash.of(of.getPublicKey()).pin() + "\n";
  }

  private static Weather weather() {
    return new Weather(InstantSource.system(), 1, Executors.newVirtualThreadPerTaskExecutor());
  }

  private Agent make(Settings settings) {
    var made = new Agent(settings, network, weather(), new Witness() {});
    agent = made;
    return made;
  }

  private Agent start(Settings settings) {
    var made = make(settings);
    made.start();
    return made;
  }

  private static void say(Agent agent, String text) {
    agent.publish(agent.telemetryTopic(), text.getBytes(StandardCharsets.UTF_8));
  }

  private static Status status(Agent agent) {
    return agent.status().join();
  }

  private boolean published(String part) {
    return server().published().stream().anyMatch(one -> one.contains(part));
  }

  private long telemetry() {
    return server().published().stream().filter(one -> one.startsWith("devices/")).count();
  }

  private void shadow(String verb, String document) {
    server().send("$aws/things/d-1/shadow/" + verb, document);
  }

  private void job(String verb, String document) {
    server().send("$aws/things/d-1/jobs/" + verb, document);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (var i = 0; i < 1_000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("never came to be");
  }
}
