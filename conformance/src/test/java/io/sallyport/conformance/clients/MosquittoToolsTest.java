package io.sallyport.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import io.sallyport.conformance.product.Tool;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Debian's mosquitto_pub and mosquitto_sub, with the lines that a bundle's README gives. */
@ExtendWith(Lab.Resolver.class)
class MosquittoToolsTest {
  private static final String PUB = "mosquitto_pub";
  private static final String SUB = "mosquitto_sub";

  private final Lab lab;

  MosquittoToolsTest(Lab lab) {
    this.lab = lab;
  }

  @BeforeAll
  static void needsTheTools() {
    Tool.need(Tool.MOSQUITTO_PUB, Tool.MOSQUITTO_SUB, Tool.STDBUF);
  }

  /** The lines as they stand: what a newcomer pastes must work. */
  @Test
  void everyLineOfTheReadmeWorks() {
    var device = lab.device();
    var backend = lab.backend();
    var publishing = device.bundle().linesOf(PUB);
    assertThat(publishing).hasSizeGreaterThanOrEqualTo(2);

    for (var listening : backend.bundle().linesOf(SUB)) {
      try (var subscriber = subscribed(backend, listening + " -C " + publishing.size())) {
        for (var line : publishing) {
          Program.runLine(device.bundle().folder(), line).expecting(0);
        }
        assertThat(subscriber.ended().expecting(0).out())
            .contains("devices/" + device.clientId() + "/telemetry");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"311,0", "311,1", "311,2", "5,0", "5,1", "5,2"})
  void deliversFromDeviceToBackend(String version, int qos) {
    var device = lab.device();
    var backend = lab.backend();
    var options = " -V " + version + " -q " + qos;

    try (var subscriber =
        subscribed(backend, backend.bundle().linesOf(SUB).getFirst() + options + " -C 1")) {
      var message = "from " + version + " at " + qos;
      publish(device, silent(device.bundle().linesOf(PUB)) + options + " -m '" + message + "'")
          .expecting(0);

      assertThat(subscriber.ended().expecting(0).out())
          .contains("devices/" + device.clientId() + "/telemetry " + message);
    }
  }

  @ParameterizedTest
  @CsvSource({"311,0", "311,1", "311,2", "5,0", "5,1", "5,2"})
  void deliversFromBackendToDevice(String version, int qos) {
    var device = lab.device();
    var backend = lab.backend();
    var options = " -V " + version + " -q " + qos;
    var command =
        silent(backend.bundle().linesOf(PUB)).replace("DEVICE", device.clientId()) + options;

    try (var subscriber =
        subscribed(device, device.bundle().linesOf(SUB).getFirst() + options + " -C 1")) {
      publish(backend, command + " -m open").expecting(0);

      assertThat(subscriber.ended().expecting(0).out())
          .contains("devices/" + device.clientId() + "/commands open");
    }
  }

  @Test
  void tellsAVersion5DeviceThatAForeignTopicIsNotItsOwn() {
    var device = lab.device();

    var ran = publish(device, pub(device, "5", "devices/somebody-else/telemetry") + " -q 1 -d");

    assertThat(ran.said()).contains("RC:135");
  }

  @ParameterizedTest
  @ValueSource(strings = {"#", "devices/somebody-else/commands", "$share/g/devices/+/commands"})
  void refusesFiltersThatReachFurtherThanTheDevice(String filter) {
    var device = lab.device();

    var ran =
        Program.runLine(device.bundle().folder(), sub(device, "5", filter) + " -q 1 -d -C 1 -W 10");

    assertThat(ran.said()).contains("denied");
  }

  @Test
  void ignoresTheUserNameAdmin() {
    var device = lab.device();

    var ran =
        publish(
            device,
            pub(device, "5", "devices/somebody-else/telemetry") + " -q 1 -d -u admin -P admin");

    assertThat(ran.said()).contains("RC:135");
  }

  @Test
  void refusesTheClientIdOfAnotherDevice() {
    var device = lab.device();
    var other = lab.device();
    var line =
        pub(device, "5", "devices/" + other.clientId() + "/telemetry")
            .replace("-i " + device.clientId(), "-i " + other.clientId());

    var ran = publish(device, line + " -q 1 -d");

    assertThat(ran.exit()).isNotZero();
    assertThat(ran.said()).contains("(133)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"311", "5"})
  void keepsARetainedMessageUntilItIsCleared(String version) {
    var writer = lab.openClient();
    var reader = lab.openClient();
    var topic = "tools/retained/" + version;

    publish(writer, pub(writer, version, topic) + " -q 1 -r -m kept").expecting(0);
    assertThat(run(reader, sub(reader, version, topic) + " -F '%r %p' -C 1 -W 10").out())
        .isEqualToIgnoringNewLines("1 kept");

    publish(writer, pub(writer, version, topic) + " -q 1 -r -n").expecting(0);
    publish(writer, pub(writer, version, topic + "/after") + " -q 1 -r -m after").expecting(0);
    assertThat(run(reader, sub(reader, version, topic + "/#") + " -F '%r %p' -C 1 -W 10").out())
        .isEqualToIgnoringNewLines("1 after");
  }

  @ParameterizedTest
  @ValueSource(strings = {"311", "5"})
  void publishesTheWillOfAClientThatIsKilled(String version) {
    var dying = lab.openClient();
    var heir = lab.openClient();
    var topic = "tools/will/" + version;

    try (var listening = subscribed(heir, sub(heir, version, topic) + " -q 1 -v -C 1")) {
      var line =
          sub(dying, version, "tools/nothing")
              + (" --will-topic " + topic + " --will-payload gone --will-qos 1");
      subscribed(dying, line).kill();

      assertThat(listening.ended().expecting(0).out()).contains(topic + " gone");
    }
  }

  @ParameterizedTest
  @CsvSource({"311,1", "311,2", "5,1", "5,2"})
  void keepsMessagesForASessionWhoseSocketDropped(String version, int qos) {
    var sleeper = lab.openClient();
    var writer = lab.openClient();
    var topic = "tools/session/" + version + "/" + qos;
    var line =
        sub(sleeper, version, topic) + " -c -q " + qos + ("5".equals(version) ? " -x 600" : "");

    subscribed(sleeper, line).kill();
    for (var number = 1; number <= 3; number++) {
      publish(writer, pub(writer, version, topic) + " -q " + qos + " -m m" + number).expecting(0);
    }

    assertThat(run(sleeper, line + " -C 3 -W 10").out().lines()).containsExactly("m1", "m2", "m3");
  }

  private static String pub(Endpoint who, String version, String topic) {
    return client(PUB, who, version, topic);
  }

  private static String sub(Endpoint who, String version, String topic) {
    return client(SUB, who, version, topic);
  }

  private static String client(String program, Endpoint who, String version, String topic) {
    return program
        + (" -V " + version + " -h " + who.host() + " -p " + who.port())
        + (" --cafile ca.crt --cert " + who.bundle().certificate().getFileName())
        + (" --key " + who.bundle().key().getFileName())
        + (" -i " + who.clientId() + " -t '" + topic + "'");
  }

  /** The first of the README's lines without its message, which may be said only once. */
  private static String silent(List<String> lines) {
    return lines.getFirst().replaceFirst(" -m '[^']*'", "");
  }

  private static Ran publish(Endpoint who, String line) {
    return Program.runLine(
        who.bundle().folder(),
        line.contains(" -m ") || line.contains(" -n") ? line : line + " -m x");
  }

  private static Ran run(Endpoint who, String line) {
    return Program.runLine(who.bundle().folder(), line).expecting(0);
  }

  /** A subscriber that is through with subscribing. */
  private static Program subscribed(Endpoint who, String line) {
    var subscriber = Program.startLine(who.bundle().folder(), "stdbuf -oL " + line + " -d -W 30");
    Patience.until(
        "a subscription of " + line,
        () -> {
          if (!subscriber.isRunning()) {
            throw new AssertionError(line + " ended: " + subscriber.ended());
          }
          return subscriber.out().contains("Subscribed (mid");
        });
    return subscriber;
  }
}
