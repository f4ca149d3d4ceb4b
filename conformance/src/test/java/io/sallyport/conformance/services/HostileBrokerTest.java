package io.sallyport.conformance.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.sallyport.conformance.clients.HiveMq;
import io.sallyport.conformance.clients.Inbox;
import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.Command;
import io.sallyport.identity.command.CommandId;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.EnvelopeKey;
import io.sallyport.identity.command.Receipt;
import io.sallyport.identity.command.Receipt.Result;
import io.sallyport.identity.command.Refusal;
import io.sallyport.identity.command.SignedCommand;
import io.sallyport.identity.cose.CborValue;
import io.sallyport.identity.issuance.EnvelopeKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A team's own broker, mosquitto, in the hands of somebody who is not of the team: whoever owns it
 * sees every command, and can publish anything on the topic where devices listen. The product, the
 * broker and the agent are processes of their own.
 */
class HostileBrokerTest {
  private static final String DEVICE = "pump-1";
  private static final String TOPIC = "devices/" + DEVICE + "/commands";
  private static final String TENANT = "sallyport";
  private static final Pattern SILENCE = Pattern.compile("is none because=\"?([A-Z_]+)");

  /** What stands in the log where nobody proved to be a signer. */
  private static final Set<String> UNPROVEN =
      Set.of(
          "NOT_TAGGED",
          "MALFORMED",
          "HEADER",
          "ALGORITHM",
          "UNKNOWN_KEY",
          "NOT_ALLOWED",
          "FORBIDDEN",
          "BAD_SIGNATURE");

  @TempDir private Path folder;
  private Program broker;
  private ProductProcess product;
  private AgentProcess agent;
  private Mqtt5AsyncClient owner;
  private KeyPair second;
  private final Inbox<byte[]> commands = new Inbox<>();
  private final Inbox<byte[]> receipts = new Inbox<>();

  @BeforeEach
  void open() throws Exception {
    Tool.need(Tool.MOSQUITTO);
    int port = freePort();
    Files.writeString(
        folder.resolve("mosquitto.conf"),
        "listener %d 127.0.0.1\nallow_anonymous true\nuser %s\n"
            .formatted(port, System.getProperty("user.name")));
    broker =
        Program.start(folder, List.of(Tool.MOSQUITTO.path().toString(), "-c", "mosquitto.conf"));
    Patience.until("a mosquitto that listens: " + broker, () -> accepts(port));
    var configuration =
        Files.writeString(
            folder.resolve("sallyport.yaml"),
            "upstream:\n  address: tcp://127.0.0.1:" + port + "\n");
    product = ProductProcess.start(folder.resolve("data"), "--config", configuration.toString());
    agent =
        new AgentProcess(
            product, folder, DEVICE, List.of(ofTheServer(), ofASecond()), List.of("count", "open"));
    agent.start();
    agent.untilConnected();

    owner =
        MqttClient.builder()
            .identifier("owner")
            .serverHost("127.0.0.1")
            .serverPort(port)
            .useMqttVersion5()
            .buildAsync();
    HiveMq.await(owner.connect());
    spy("devices/+/commands", commands);
    spy(TOPIC + "/receipts", receipts);
  }

  @AfterEach
  void close() {
    if (owner != null) {
      owner.disconnect();
    }
    if (agent != null) {
      agent.close();
    }
    if (product != null) {
      product.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  private Path ofTheServer() throws IOException {
    var keys = product.cli("command", "key", "export").expecting(0).out();
    return Files.writeString(folder.resolve("command.pem"), keys);
  }

  /** Somebody else who may command this device; what he signs the test can number as it likes. */
  private Path ofASecond() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    second = generator.generateKeyPair();
    var pem = Pem.encode("PUBLIC KEY", second.getPublic().getEncoded());
    return Files.write(folder.resolve("second.pem"), pem);
  }

  private void spy(String filter, Inbox<byte[]> into) throws Exception {
    HiveMq.await(
        owner
            .subscribeWith()
            .topicFilter(filter)
            .qos(MqttQos.AT_LEAST_ONCE)
            // What the owner sends is no news to him.
            .noLocal(true)
            .callback(message -> into.accept(message.getPayloadAsBytes()))
            .send());
  }

  private void publish(byte[] message) throws Exception {
    HiveMq.await(
        owner.publishWith().topic(TOPIC).qos(MqttQos.AT_LEAST_ONCE).payload(message).send());
  }

  /** Whatever the owner of the broker does, nothing is executed but what was meant, and once. */
  @Test
  void getsNothingExecuted() throws Exception {
    product.cli("command", "send", DEVICE, "count", "n=0", "--wait").expecting(0);
    var good = commands.next();
    assertThat(answer().result()).isEqualTo(Result.EXECUTED);
    executed(0);

    replays(good);
    alters(good);
    redirects();
    forges(good);
    reorders();
    orders();

    product.cli("command", "send", DEVICE, "count", "n=1", "--wait").expecting(0);
    executed(0, 101, 102, 1);
  }

  private void replays(byte[] good) throws Exception {
    for (int i = 0; i < 3; i++) {
      publish(good);
      // The same answer again, and nothing done for it.
      assertThat(answer().result()).isEqualTo(Result.EXECUTED);
    }
    agent.kill();
    agent.start();
    agent.untilConnected();
    publish(good);
    assertThat(answer().result()).isEqualTo(Result.EXECUTED);
    executed(0);
  }

  private void alters(byte[] good) throws Exception {
    int before = silences().size();
    for (int at = 0; at < good.length; at++) {
      var changed = good.clone();
      changed[at] ^= (byte) (1 << at % 8);
      publish(changed);
    }
    Patience.until("all are refused: " + agent, () -> silences().size() == before + good.length);
    assertThat(new HashSet<>(silences())).isSubsetOf(UNPROVEN).contains("BAD_SIGNATURE");
    assertThat(receipts.size()).isZero();
    executed(0);
  }

  private void redirects() throws Exception {
    product
        .cli("device", "enroll", "pump-2", "--bundle", folder.resolve("pump-2").toString())
        .expecting(0);
    product.cli("command", "send", "pump-2", "count", "n=2").expecting(0);
    silently("BAD_SIGNATURE", commands.next());
    // By a signer who names the other device within, for this one.
    var other = command("count", 3, 3, new PrincipalId("pump-2"), 60);
    silently("BAD_SIGNATURE", SignedCommand.sign(other, TENANT, id(second), key(second)));
    executed(0);
  }

  /** With the keys that open the gate, and with nobody's. */
  private void forges(byte[] good) throws Exception {
    var forged = command("count", 4, 4, new PrincipalId(DEVICE), 60);
    var signer =
        KeyFactory.getInstance("EC")
            .generatePublic(
                new X509EncodedKeySpec(
                    Pem.decodeAll(Files.readString(folder.resolve("command.pem")), "PUBLIC KEY")
                        .getFirst()));
    for (var bundle : List.of(agent.bundle(), new Bundle("pump-2", folder.resolve("pump-2")))) {
      var identity = bundle.identity();
      var transport = new KeyPair(identity.certificate().getPublicKey(), identity.privateKey());
      silently("UNKNOWN_KEY", SignedCommand.sign(forged, TENANT, id(transport), key(transport)));
      // As if it were the server's.
      silently(
          "BAD_SIGNATURE",
          SignedCommand.sign(forged, TENANT, PublicKeyHash.of(signer), key(transport)));
    }
    silently("NOT_TAGGED", "reboot".getBytes(StandardCharsets.US_ASCII));
    silently("TOO_LONG", new byte[5000]);
    silently("MALFORMED", java.util.Arrays.copyOf(good, good.length - 1));
    executed(0);
  }

  /** What was held back comes late: too late, or where order matters, not at all. */
  private void reorders() throws Exception {
    publish(signed("count", 101, 200));
    assertThat(answer().result()).isEqualTo(Result.EXECUTED);
    publish(signed("open", 102, 210));
    assertThat(answer().result()).isEqualTo(Result.EXECUTED);
    refused(Refusal.OUT_OF_ORDER, signed("open", 103, 209));
    refused(Refusal.SEQUENCE_OLD, signed("count", 104, 146));
    executed(0, 101, 102);
  }

  /** What a signer may not order, or not any more; and a number that came with another command. */
  private void orders() throws Exception {
    refused(Refusal.FORBIDDEN, signed("flash-firmware", 105, 300));
    refused(Refusal.NOT_ALLOWED, signed("reboot", 106, 301));
    var late = command("count", 107, 302, new PrincipalId(DEVICE), -1);
    refused(Refusal.EXPIRED, SignedCommand.sign(late, TENANT, id(second), key(second)));
    publish(signed("count", 108, 200));
    // Which of the two was done the device does not say; not this one.
    assertThat(answer().result()).isEqualTo(Result.UNKNOWN);
    executed(0, 101, 102);
  }

  private void silently(String because, byte[] message) throws Exception {
    int before = silences().size();
    publish(message);
    Patience.until("refused: " + agent, () -> silences().size() > before);
    assertThat(silences().subList(before, silences().size())).containsExactly(because);
    assertThat(receipts.size()).isZero();
  }

  private void refused(Refusal because, byte[] message) throws Exception {
    publish(message);
    var receipt = answer();
    assertThat(receipt.result()).isEqualTo(Result.REFUSED);
    assertThat(receipt.refusal()).isEqualTo(because);
  }

  private List<String> silences() {
    return SILENCE.matcher(agent.log()).results().map(match -> match.group(1)).toList();
  }

  /** The next receipt, which the device's key signed. */
  private Receipt answer() throws Exception {
    var identity = agent.bundle().identity();
    return Receipt.verify(
        receipts.next(),
        new PrincipalId(DEVICE),
        TENANT,
        fingerprint ->
            fingerprint.equals(identity.fingerprint())
                ? Optional.<PublicKey>of(identity.certificate().getPublicKey())
                : Optional.empty());
  }

  private void executed(Integer... numbers) {
    assertThat(agent.runs())
        .extracting(run -> run.path("arguments").path("n").asInt())
        .containsExactly(numbers);
  }

  private byte[] signed(String name, int n, long sequence) {
    var command = command(name, n, sequence, new PrincipalId(DEVICE), 60);
    return SignedCommand.sign(command, TENANT, id(second), key(second));
  }

  private static Command command(
      String name, int n, long sequence, PrincipalId device, long expires) {
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    return new Command(
        new CommandId("%032x".formatted(n)),
        device,
        sequence,
        now.minusSeconds(30),
        now.plusSeconds(expires),
        new CommandName(name),
        Map.of("n", new CborValue.Whole(n)),
        1,
        null);
  }

  private static PublicKeyHash id(KeyPair pair) {
    return PublicKeyHash.of(pair.getPublic());
  }

  private static EnvelopeKey key(KeyPair pair) {
    return EnvelopeKeys.of(pair);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean accepts(int port) {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
