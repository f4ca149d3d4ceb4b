package io.sallyport.app.demo;

import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalKind;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;

/** The stations of the demo, in order; each is done for real and measured from outside. */
final class Tour {
  private static final String HOST = "localhost";
  private static final String DASHBOARD = "dashboard";
  private static final int TELEMETRY_MESSAGES = 100;
  private static final Duration LEDGER_PATIENCE = Duration.ofSeconds(3);
  private static final int PATIENCE_MILLIS = 5_000;
  private static final double NANOS_PER_MILLI = 1e6;

  private final Machine machine;
  private final Surroundings surroundings;
  private final Operator operator;
  private final Guide guide;
  private final Path folder;
  private final int port;

  Tour(Machine machine, Surroundings surroundings, Path folder, int port) {
    this.machine = machine;
    this.surroundings = surroundings;
    this.folder = folder;
    this.port = port;
    this.operator =
        new Operator(surroundings, List.of("--data", folder.resolve("data").toString()));
    this.guide = new Guide(surroundings.terminal());
  }

  /** Whether every station held. */
  boolean run() throws InterruptedException {
    try {
      rootAuthority();
      enrolment();
      telemetry();
      foreignTopic();
      selfMadeCertificate();
      plainText();
      agent();
      revocation();
      yourTurn();
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      guide.tell(false, "tour", String.valueOf(e.getMessage()));
    }
    return guide.allHeld();
  }

  private void rootAuthority() throws IOException, GeneralSecurityException {
    var pem = Files.readString(folder.resolve("data/ca/root.crt"));
    var root = Bundle.certificate(pem);
    root.verify(root.getPublicKey());
    guide.tell(true, "root CA", "SHA-256 " + Fingerprint.ofDer(root.getEncoded()));
  }

  private void enrolment() {
    for (var id : new String[] {"demo-01", "demo-02", "demo-03"}) {
      var begun = nanos();
      operator.json("device", "enroll", id, "--bundle", bundle(id).toString());
      var shown = operator.json("device", "show", id);
      guide.tell(
          shown.path("standing").asString().equalsIgnoreCase("active"),
          id + " enrolled",
          "key made here, certificate %s, %.0f ms"
              .formatted(
                  shown.path("certificates").path(0).path("serial").asString(), since(begun)));
    }
    operator.json("backend", "enroll", DASHBOARD, "--bundle", bundle(DASHBOARD).toString());
    // So that demo-02 has something to leave behind: by default no device may retain.
    operator.json("policy", "put", "demo-retain", retainPolicy().toString());
    operator.json("policy", "attach", "demo-retain", "demo-02");
  }

  private Path retainPolicy() {
    try {
      return Files.writeString(
          folder.resolve("demo-retain.json"),
          """
          {"Version": "2012-10-17", "Statement": [{
            "Sid": "KeepsItsLastEvent", "Effect": "Allow", "Action": "iot:RetainPublish",
            "Resource": "arn:aws:iot:*:*:topic/devices/${iot:Connection.Thing.ThingName}/events/*"}]}
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void telemetry() throws IOException, GeneralSecurityException {
    try (var dashboard = connected(DASHBOARD, false, 100);
        var device = connected("demo-01", false, 100)) {
      var granted = dashboard.subscribe("devices/+/telemetry");
      var millis = new ArrayList<Double>();
      for (var i = 0; i < TELEMETRY_MESSAGES; i++) {
        var begun = nanos();
        device.publish(
            "devices/demo-01/telemetry", "{\"temperature\": " + (20 + i % 5) + "}", false);
        dashboard.acknowledge(dashboard.expect(DemoDevice.PUBLISH));
        millis.add(since(begun));
      }
      millis.sort(Double::compare);
      guide.tell(
          granted == 1 && millis.size() == TELEMETRY_MESSAGES,
          "telemetry flows",
          "%d messages demo-01 → dashboard, QoS 1, median %.2f ms"
              .formatted(millis.size(), millis.get(millis.size() / 2)));
    }
  }

  private void foreignTopic() throws IOException, GeneralSecurityException, InterruptedException {
    try (var device = connected("demo-01", false, 100)) {
      var answer = device.publish("devices/demo-03/telemetry", "forged", false);
      guide.tell(
          answer.reason() == 0x87,
          "forged topic refused",
          "PUBACK 0x%02x \"%s\" to demo-01".formatted(answer.reason(), answer.reasonString()));
      var denial = denial("demo-01");
      guide.tell(
          !denial.isEmpty(),
          "the operator sees why",
          denial.isEmpty() ? "no ledger record" : denial);
    }
  }

  /** The newest denial of that device in the ledger, which is written a moment later. */
  private String denial(String id) throws InterruptedException {
    var begun = nanos();
    while (since(begun) < LEDGER_PATIENCE.toMillis()) {
      for (var entry : operator.jsonLines("ledger", "tail", "-n", "50")) {
        if (entry.path("type").asString().equals("publish-denied")
            && entry.path("subject").asString().equals(id)) {
          return "ledger #%d: %s"
              .formatted(entry.path("sequence").asLong(), entry.path("facts").toString());
        }
      }
      surroundings.pause().of(Duration.ofMillis(50));
    }
    return "";
  }

  private void selfMadeCertificate() throws IOException, GeneralSecurityException {
    var forged = Forgery.of("demo-01", machine.clock().instant());
    var context = bundle("demo-01", PrincipalKind.DEVICE).context(forged.key(), forged.chain());
    var begun = nanos();
    var refusal = refusalAtTheDoor(context);
    guide.tell(
        !refusal.isEmpty(),
        "self-made certificate",
        refusal.isEmpty()
            ? "was let in"
            : "CN=demo-01, own key: TLS says %s, %.0f ms".formatted(refusal, since(begun)));
  }

  /** What the TLS layer answers; empty if the connection reached MQTT. */
  private String refusalAtTheDoor(SSLContext context) {
    try (var device = DemoDevice.dial(context, HOST, port)) {
      device.connect("demo-01", false, 10);
      return "";
    } catch (EOFException _) {
      return "connection closed";
    } catch (IOException e) {
      return "\"" + e.getMessage() + "\"";
    }
  }

  private void plainText() throws IOException {
    var begun = nanos();
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(HOST, port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(DemoDevice.connectPacket("demo-01", false, 10));
      var first = socket.getInputStream().read();
      guide.tell(
          first != DemoDevice.CONNACK << 4,
          "plain text refused",
          first < 0
              ? "MQTT without TLS: closed after %.0f ms".formatted(since(begun))
              : "MQTT without TLS: answered with byte 0x%02x".formatted(first));
    } catch (SocketException e) {
      guide.tell(true, "plain text refused", "MQTT without TLS: " + e.getMessage());
    }
  }

  private void agent() throws IOException, GeneralSecurityException, InterruptedException {
    try (var dashboard = connected(DASHBOARD, false, 100)) {
      new AgentStations(machine, surroundings, operator, guide, folder).show(dashboard);
    }
  }

  private void revocation() throws IOException, GeneralSecurityException {
    var context = bundle("demo-02", PrincipalKind.DEVICE).context();
    try (var dashboard = connected(DASHBOARD, false, 100);
        var device = DemoDevice.dial(context, HOST, port)) {
      device.connect("demo-02", true, 1);
      device.subscribe("devices/demo-02/commands");
      device.publish("devices/demo-02/events/last", "retained", true);
      // Two commands against a receive maximum of one: the first in flight, the second queued.
      dashboard.publish("devices/demo-02/commands", "first", false);
      dashboard.publish("devices/demo-02/commands", "second", false);
      device.expect(DemoDevice.PUBLISH);
      var gone =
          new FutureTask<>(
              () -> {
                device.awaitEnd();
                return nanos();
              });
      Thread.ofVirtual().start(gone);
      var begun = nanos();
      var receipt = operator.json("device", "revoke", "demo-02", "--reason", "keyCompromise");
      var took = since(begun);
      guide.tell(true, "demo-02 revoked", "receipt after %.0f ms".formatted(took));
      told(receipt);
      socketGone(gone, begun);
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException(e);
    }
    ticketGone(context);
    retainedGone();
  }

  private void told(JsonNode receipt) {
    for (var step : receipt.path("steps")) {
      guide.detail(
          "%-16s %d ended in %s, %.1f ms"
              .formatted(
                  step.path("what").asString(),
                  step.path("count").asLong(),
                  step.path("where").asString(),
                  step.path("ms").asDouble()));
    }
    var counts = new HashMap<String, Long>();
    for (var step : receipt.path("steps")) {
      counts.put(step.path("what").asString(), step.path("count").asLong());
    }
    for (var what :
        new String[] {"sockets", "stored-sessions", "queued", "in-flight", "retained"}) {
      if (counts.getOrDefault(what, 0L) < 1) {
        guide.tell(false, "receipt", what + " is missing in it");
      }
    }
  }

  private void socketGone(FutureTask<Long> gone, long begun)
      throws InterruptedException, ExecutionException {
    try {
      var at = gone.get(5, TimeUnit.SECONDS);
      guide.tell(
          true,
          "its socket",
          "ended %.1f ms after the command".formatted((at - begun) / NANOS_PER_MILLI));
    } catch (TimeoutException _) {
      guide.tell(false, "its socket", "is still open after 5 s");
    }
  }

  private void ticketGone(SSLContext context) {
    var begun = nanos();
    var refusal = refusalAtTheDoor(context);
    guide.tell(
        !refusal.isEmpty(),
        "its TLS ticket",
        refusal.isEmpty()
            ? "still opens the gate"
            : "refused: %s, %.0f ms".formatted(refusal, since(begun)));
  }

  private void retainedGone() throws IOException, GeneralSecurityException {
    try (var dashboard = connected(DASHBOARD, false, 100)) {
      dashboard.subscribe("devices/demo-02/events/#");
      guide.tell(
          dashboard.hearsNothingFor(Duration.ofMillis(300)),
          "its retained message",
          "gone: a new subscriber hears nothing");
    }
  }

  private void yourTurn() throws IOException {
    surroundings.terminal().out().println();
    surroundings.terminal().line("Your turn, with Debian's mosquitto-clients:");
    var readme = Files.readString(bundle("demo-03").resolve("README.txt"));
    try (var lines = new BufferedReader(new StringReader(readme))) {
      lines
          .lines()
          .filter(line -> line.strip().startsWith("mosquitto_pub"))
          .findFirst()
          .ifPresent(
              line ->
                  surroundings
                      .terminal()
                      .line("  cd " + bundle("demo-03") + " && " + line.strip()));
    }
  }

  private DemoDevice connected(String id, boolean persistent, int receiveMaximum)
      throws IOException, GeneralSecurityException {
    var kind = id.equals(DASHBOARD) ? PrincipalKind.BACKEND : PrincipalKind.DEVICE;
    var device = DemoDevice.dial(bundle(id, kind).context(), HOST, port);
    var reason = device.connect(id, persistent, receiveMaximum);
    if (reason != 0) {
      device.close();
      throw new IOException("CONNECT of %s was answered with 0x%02x".formatted(id, reason));
    }
    return device;
  }

  private Bundle bundle(String id, PrincipalKind kind) {
    return new Bundle(bundle(id), kind);
  }

  private Path bundle(String id) {
    return folder.resolve("bundles").resolve(id);
  }

  private long nanos() {
    return machine.nanos().getAsLong();
  }

  private double since(long begun) {
    return (nanos() - begun) / NANOS_PER_MILLI;
  }
}
