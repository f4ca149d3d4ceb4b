package io.sallyport.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import io.sallyport.testkit.MqttClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificate and limits change under a subscriber that notices nothing. */
class ReloadTest {
  private static final String PLAIN = "names: [localhost]\n";
  private static final int PUBACK = 4;
  private static final int RELOADS = 50;

  @TempDir Path folder;
  private Installation installation;
  private Endpoint listener;
  private Endpoint speaker;
  private Program subscriber;

  @BeforeEach
  void start() throws Exception {
    Tool.need(Tool.OPENSSL, Tool.MOSQUITTO_PUB, Tool.MOSQUITTO_SUB, Tool.STDBUF);
    installation = new Installation(folder, PLAIN);
    var devices = installation.devices("listener", "speaker");
    listener = devices.getFirst();
    speaker = devices.getLast();
    subscriber =
        Program.startLine(
            listener.bundle().folder(),
            "stdbuf -oL mosquitto_sub -d -V 5 -q 1 -t news/# -v " + who(listener));
    Patience.until("a subscription", () -> subscriber.out().contains("Subscribed"));
  }

  @AfterEach
  void stop() {
    subscriber.close();
    installation.close();
  }

  @Test
  void anotherCertificateIsShownWhileASubscriberGoesOnReceiving() {
    var before = shown();

    installation.product.cli("reload").expecting(0);

    assertThat(shown()).isNotEqualTo(before);
    hears("after the reload", "ca.crt");
  }

  @Test
  void theUsersOwnCertificateComesWithAHangup() {
    var ca = ownCertificate("localhost");
    installation.configure(withFiles());

    installation.product.signal("HUP");

    Patience.until("the certificate of the file", () -> shown().contains("own.example"));
    hears("under another certificate", ca.toString());
  }

  @Test
  void aBadFileChangesNothingAndRaisesAnAlarm() throws Exception {
    ownCertificate("localhost");
    openssl("ecparam -genkey -name prime256v1 -noout -out other.sec1");
    openssl("pkcs8 -topk8 -nocrypt -in other.sec1 -out own.key");
    openToOthers(false);
    installation.configure(withFiles() + "mqtt:\n  connections-max: 1\n");
    var before = shown();

    refused("sallyport.yaml:4:13: tls.key-file", "is not the key of the certificate");

    assertThat(shown()).isEqualTo(before);
    var product = installation.product;
    assertThat(product.cli("status").expecting(0).out())
        .containsPattern("reload.failed +true")
        .contains("tls.key-file");
    new Ledger(product).expect("reload-failed", "server", "tls.key-file");
    hears("although a limit of one connection stood in the file", "ca.crt");

    openToOthers(true);
    refused("tls.key-file", "open to other users", "chmod 600");
    installation.configure(PLAIN + "mqtt:\n  conections-max: 1\n");
    refused("sallyport.yaml:3:3", "mqtt.conections-max", "mqtt.connections-max");
    Files.delete(installation.configuration);
    refused("sallyport.yaml", "no such file");

    installation.configure(PLAIN);
    product.cli("reload").expecting(0);
    assertThat(product.cli("status").expecting(0).out()).containsPattern("reload.failed +false");
  }

  @Test
  void aCertificateThatDevicesCouldNotUseIsRefused() {
    ownCertificate("elsewhere.example");
    installation.configure(withFiles());
    refused("tls.certificate-file", "is not for 'localhost'");

    openssl("x509 -req -in own.csr -signkey own.key -days -1 -out own.crt");
    refused("tls.certificate-file", "expired at");

    var wrongOrder = ownCertificate("localhost");
    shell("cat " + wrongOrder + " own.crt > turned.crt; cp turned.crt own.crt");
    refused("tls.certificate-file", "the leaf comes first");
    installation.configure(PLAIN + "tls:\n  key-file: own.key\n");
    refused("sallyport.yaml:3:13: tls.key-file needs tls.certificate-file too");
  }

  @Test
  void aChangeOfTheFileIsNoticedAndWhatCannotChangeWaits() {
    installation.configure(PLAIN + "reload: {watch-interval: 200ms}\n");
    installation.product.cli("reload").expecting(0);

    installation.configure(
        PLAIN + "reload: {watch-interval: 200ms}\nlog: {level: debug}\nmqtt: {event-loops: 3}\n");

    new Ledger(installation.product).expect("reloaded", "server", "log.level", "mqtt.event-loops");
    assertThat(installation.product.cli("status", "--json").expecting(0).out())
        .containsPattern("\"waiting\" ?: ?\\[\\s*\"mqtt.event-loops\"");
  }

  @Test
  void whateverIsWrongWithTheFileEverythingStaysAsItWas() throws Exception {
    ownCertificate("localhost");
    installation.configure(withFiles());
    installation.product.cli("reload").expecting(0);
    var before = shown();

    installation.configure(PLAIN + "mqtt: [");
    refused("sallyport.yaml:2:8", "is not YAML");
    installation.configure(PLAIN + "mqtt:\n  messages-per-second: -1\n");
    refused("mqtt.messages-per-second", "-1 is not between 0 and 1000000");
    installation.configure(PLAIN + "sources: {trusted: [10.0.0.0/8, nonsense]}\n");
    refused("sources.trusted", "nonsense");
    installation.configure(withFiles() + "  device-ca-file: own.key\n");
    refused("tls.device-ca-file", "is not a PEM file of certificates");
    installation.configure(withFiles());
    shell("head -c 300 own.crt > half.crt; mv half.crt own.crt");
    refused("tls.certificate-file", "is not a PEM file of certificates");

    assertThat(shown()).isEqualTo(before);
    assertThat(installation.product.cli("status").expecting(0).out())
        .containsPattern("reload.failed +true");
  }

  @Test
  void fiftyReloadsLoseNoMessageAndEndNoSession() throws Exception {
    var acknowledged = new AtomicInteger();
    var over = new AtomicBoolean();
    var failure = new AtomicReference<Throwable>();
    var publishing =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (var client =
                      MqttClient.v5(speaker.bundle().identity().sslContext(), speaker.port())) {
                    client.connect(speaker.clientId());
                    while (!over.get()) {
                      var text = "message-" + acknowledged.get() + ".";
                      assertThat(client.publishAcknowledged("news/today", text).type())
                          .isEqualTo(PUBACK);
                      acknowledged.incrementAndGet();
                    }
                  } catch (IOException | AssertionError e) {
                    failure.set(e);
                  }
                });
    Patience.until("messages under way", () -> acknowledged.get() > 0);
    for (int i = 1; i <= RELOADS; i++) {
      installation.configure(PLAIN + "mqtt: {messages-per-second: " + (10_000 + i) + "}\n");
      int expected = i;
      installation.product.signal("HUP");
      Patience.until("reload " + i, () -> reloads() >= expected);
    }
    over.set(true);
    publishing.join();
    assertThat(failure.get()).isNull();
    int last = acknowledged.get() - 1;
    Patience.until("the last message", () -> subscriber.out().contains("message-" + last + "."));
    for (int i = 0; i <= last; i++) {
      assertThat(subscriber.out()).contains("message-" + i + ".");
    }
    assertThat(subscriber.out()).containsOnlyOnce("received CONNACK");
  }

  private long reloads() {
    return installation.product.said().lines().filter(line -> line.contains("reloaded")).count();
  }

  @Test
  void furtherCasOfDevicesAreNamedToThemAndTakenBack() {
    ownCertificate("localhost");
    openssl(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout issuing.key"
            + " -out issuing.csr -subj /CN=former-issuing-ca");
    shell("printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n' > ca.ext");
    openssl(
        "x509 -req -in issuing.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20"
            + " -extfile ca.ext -out issuing.crt");
    shell("cat issuing.crt ca.pem > bundle.pem");
    installation.configure(
        PLAIN + "tls:\n  device-ca-file: %s\n".formatted(folder.resolve("bundle.pem")));
    installation.product.cli("reload").expecting(0);
    assertThat(accepted()).contains("former-issuing-ca");

    shell("cp issuing.crt bundle.pem");
    refused("tls.device-ca-file", "no path to a root", "former-issuing-ca");
    assertThat(accepted()).contains("former-issuing-ca");

    installation.configure(PLAIN);
    installation.product.cli("reload").expecting(0);
    assertThat(accepted()).doesNotContain("former-issuing-ca");
    hears("after the bundle", "ca.crt");
  }

  /** The CAs that a server names to its clients. */
  private String accepted() {
    var line =
        "openssl s_client -connect localhost:%d -cert device.crt -key device.key </dev/null 2>&1"
            .formatted(listener.port());
    return Program.runLine(listener.bundle().folder(), line).out();
  }

  private void refused(String... words) {
    assertThat(installation.product.cli("reload").expecting(1).err()).contains(words);
  }

  private String withFiles() {
    return PLAIN
        + "tls:\n  certificate-file: %s\n  key-file: %s\n"
            .formatted(folder.resolve("own.crt"), folder.resolve("own.key"));
  }

  /** A leaf for a name below a CA of its own; the CA's file. */
  private Path ownCertificate(String name) {
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem"
            + " -subj /CN=own-ca -days 30");
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -out own.csr"
            + " -subj /CN=own.example");
    shell("printf 'subjectAltName=DNS:" + name + "\n' > own.ext");
    openssl(
        "x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20"
            + " -extfile own.ext -out own.crt");
    shell("chmod 600 own.key");
    return folder.resolve("ca.pem");
  }

  private void openToOthers(boolean open) {
    shell("chmod " + (open ? "644" : "600") + " own.key");
  }

  private void openssl(String arguments) {
    shell("openssl " + arguments);
  }

  private void shell(String line) {
    Program.runLine(folder, line).expecting(0);
  }

  /** What {@code openssl s_client} sees: subject and serial number. */
  private String shown() {
    var line =
        "openssl s_client -connect localhost:%d -cert device.crt -key device.key </dev/null"
                .formatted(listener.port())
            + " 2>/dev/null | openssl x509 -noout -subject -serial";
    return Program.runLine(listener.bundle().folder(), line).expecting(0).out();
  }

  private void hears(String message, String ca) {
    var line = "mosquitto_pub -V 5 -q 1 -t news/today -m '" + message + "' ";
    Program.runLine(speaker.bundle().folder(), line + who(speaker).replace("ca.crt", ca))
        .expecting(0);
    Patience.until(message, () -> subscriber.out().contains(message));
    assertThat(subscriber.out()).containsOnlyOnce("received CONNACK");
  }

  private static String who(Endpoint device) {
    return "-h localhost -p %d -i %s --cafile ca.crt --cert device.crt --key device.key"
        .formatted(device.port(), device.clientId());
  }
}
