package io.sallyport.app.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.app.node.Settings;
import io.sallyport.gateway.ListenerSettings;
import io.sallyport.gateway.defence.AddressBlock;
import io.sallyport.policy.ListenerRules;
import io.sallyport.policy.Mode;
import io.sallyport.policy.SubscribeRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  @Test
  void aFileSaysWhatDiffersAndTheRestIsDefault() throws Exception {
    var read =
        Configuration.parse(
            "c.yaml",
            """
            names: [gate.example.org, 10.0.0.1]
            mqtt:
              port: 0
              packet-size-max: 1MiB
              handshake-timeout: 2500ms
              several-connections: true
              denied-publish: drop
            """);
    assertThat(read.get(ServerKeys.NAMES)).containsExactly("gate.example.org", "10.0.0.1");
    assertThat(read.get(MqttKeys.MQTT_PORT)).isZero();
    assertThat(read.get(MqttKeys.PACKET_SIZE_MAX)).isEqualTo(1L << 20);
    assertThat(read.get(MqttKeys.HANDSHAKE_TIMEOUT)).isEqualTo(Duration.ofMillis(2500));
    assertThat(read.get(MqttKeys.SEVERAL_CONNECTIONS)).isTrue();
    assertThat(read.get(MqttKeys.DENIED_PUBLISH)).isEqualTo(MqttKeys.DeniedPublish.DROP);
    assertThat(read.get(ServerKeys.HTTPS_PORT)).isEqualTo(8443);
  }

  @Test
  void furtherListenersHaveNamesAndKeysOfTheirOwn() throws Exception {
    var read =
        Configuration.parse(
            "c.yaml",
            """
            mqtt:
              policy-mode: aws-compat
              subscribe: inclusive
              listeners:
                plant: {port: 0}
                cloud:
                  port: 18884
                  policy-mode: aws-compat
            """);
    assertThat(read.names(MqttKeys.LISTENER_PORT)).containsExactly("cloud", "plant");
    var listeners = new Settings(read).gateway().listeners();
    assertThat(listeners)
        .extracting(ListenerSettings::rules)
        .containsExactly(
            new ListenerRules("mqtt", Mode.AWS_COMPAT, SubscribeRule.INCLUSIVE),
            new ListenerRules("cloud", Mode.AWS_COMPAT, SubscribeRule.LITERAL),
            new ListenerRules("plant", Mode.STRICT, SubscribeRule.INCLUSIVE));
    assertThat(listeners).extracting(ListenerSettings::port).containsExactly(8883, 18884, 0);
  }

  @Test
  void listenersAreBoundedAndEachHasAName() throws Exception {
    var nine = new StringBuilder("mqtt:\n  listeners:\n");
    for (int i = 0; i < 9; i++) {
      nine.append("    l").append(i).append(": {port: 0}\n");
    }
    refused(nine.toString(), "c.yaml:3:5: mqtt.listeners holds more than 8 names");
    refused("mqtt: {listeners: {Cloud: {port: 1}}}", "'Cloud' is not a name");
    refused("mqtt: {listeners: {cloud: {}}}", "mqtt.listeners.cloud must hold keys and values");
    refused("mqtt: {listeners: {cloud: }}", "mqtt.listeners.cloud must hold keys and values");
    refused("mqtt: {listeners: {cloud: {prot: 1}}}", "unknown key 'mqtt.listeners.cloud.prot'");
    refused("mqtt: {listeners: {cloud: {policy-mode: aws}}}", "not one of: strict, aws-compat");
    refused("mqtt: {listener-name: A b}", "'A b' is not a name");
    var twice = Configuration.parse("c.yaml", "mqtt: {listeners: {mqtt: {port: 0}}}");
    assertThatThrownBy(() -> new Settings(twice).gateway()).hasMessageContaining("'mqtt'");
  }

  @Test
  void anEmptyFileIsAllDefaults() throws Exception {
    assertThat(Configuration.parse("c.yaml", "# nothing\n").get(MqttKeys.MQTT_PORT))
        .isEqualTo(8883);
  }

  @Test
  void anUnknownKeyIsRefusedWithItsPlaceAndTheNearestName() {
    refused("mqtt:\n  prot: 1\n", "c.yaml:2:3: unknown key 'mqtt.prot'", "'mqtt.port'");
    refused("mqqt:\n  port: 1\n", "c.yaml:1:1: unknown key 'mqqt'");
  }

  @Test
  void aWrongValueIsRefusedWithItsPlaceAndItsUnit() {
    refused("mqtt:\n  port: 70000\n", "c.yaml:2:9: mqtt.port: 70000 is not between 0 and 65535");
    refused("mqtt: {port: high}", "mqtt.port: 'high' is not a whole number");
    refused("mqtt: {handshake-timeout: 10}", "is not a time such as 10s");
    refused("mqtt: {handshake-timeout: 5h}", "is not between 1s and 60s");
    refused("mqtt: {packet-size-max: 999999999999GiB}", "mqtt.packet-size-max");
    refused("mqtt: {several-connections: yes}", "is not true or false");
    refused("log: {level: loud}", "is not one of: error, warn, info, debug");
    refused("names: gate", "names must be a list");
    refused("mqtt: 7", "mqtt must hold keys and values");
    refused("mqtt: {port: }", "mqtt.port must have a value");
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    refused("log:\n  level: info\nlog:\n  level: debug\n", "c.yaml:4:3: log.level", "second time");
  }

  @Test
  void whatIsNotYamlIsRefusedWithItsPlace() {
    refused("mqtt: [", "c.yaml:1:8: is not YAML");
    refused("a: &a [*a]", "c.yaml");
    refused("x: " + "y".repeat(70_000), "c.yaml");
  }

  @Test
  void aMissingOrOversizedOrBinaryFileIsRefused(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() -> Configuration.read(folder.resolve("none.yaml")))
        .isInstanceOf(MalformedConfiguration.class)
        .hasMessageContaining("no such file");
    var large = Files.writeString(folder.resolve("large.yaml"), "#".repeat(65_537));
    assertThatThrownBy(() -> Configuration.read(large)).hasMessageContaining("larger than");
    var binary = Files.write(folder.resolve("b.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 3});
    assertThatThrownBy(() -> Configuration.read(binary)).hasMessageContaining("not UTF-8");
  }

  @Test
  void rubbishNeverEscapesAsAnotherException() {
    var random = new SplittableRandom(20261122);
    var alphabet = "mqtports: {}[]-&*!|>'\"%@`#\n\t,.0123456789".toCharArray();
    for (var round = 0; round < 20_000; round++) {
      var text = new StringBuilder();
      for (var i = random.nextInt(40); i >= 0; i--) {
        text.append(alphabet[random.nextInt(alphabet.length)]);
      }
      try {
        Configuration.parse("c.yaml", text.toString());
      } catch (MalformedConfiguration e) {
        assertThat(e).hasMessageStartingWith("c.yaml");
      }
    }
  }

  @Test
  void everyKeyIsInTheDocumentationWithItsUnitAndDefault() throws Exception {
    var lines = new StringBuilder();
    for (var key : Keys.ALL) {
      lines.append(
          "| `%s` | %s | `%s` | %s |%n"
              .formatted(key.path(), key.unit(), key.shown(), key.meaning()));
    }
    var document = Path.of("../docs/configuration.md");
    assertThat(Files.readString(document))
        .as("docs/configuration.md must hold exactly these rows:%n%s", lines)
        .contains(lines);
    assertThat(Keys.ALL.stream().map(Key::path).toList()).doesNotHaveDuplicates();
    assertThat(
            Stream.of(
                    ServerKeys.class,
                    MqttKeys.class,
                    EstKeys.class,
                    RenewalKeys.class,
                    ProvisioningKeys.class,
                    ServiceKeys.class,
                    ShadowKeys.class,
                    JobKeys.class,
                    CommandKeys.class,
                    SourceKeys.class,
                    ExchangeKeys.class,
                    UpstreamKeys.class,
                    RegistryKeys.class,
                    RotationKeys.class,
                    PkiKeys.class,
                    TokenKeys.class,
                    OperationKeys.class,
                    PinKeys.class,
                    AcmeKeys.class,
                    NeighbourKeys.class)
                .flatMap(area -> Stream.of(area.getFields()))
                .filter(field -> field.getType() == Key.class))
        .hasSize(Keys.ALL.size());
  }

  @Test
  void whatAReloadChangesIsInTheDocumentation() throws Exception {
    var list =
        Keys.RELOADED.stream().map(key -> "`" + key.path() + "`").collect(Collectors.joining(", "));
    assertThat(Files.readString(Path.of("../docs/configuration.md"))).contains(list);
    assertThat(Keys.ALL).containsAll(Keys.RELOADED);
  }

  @Test
  void aReloadTakesItsKeysAndNamesThoseThatWait() throws Exception {
    var running = Configuration.parse("c.yaml", "mqtt: {port: 1, connections-max: 5}");
    var fresh =
        Configuration.parse(
            "c.yaml", "mqtt: {port: 2, listeners: {a: {port: 3}}}\nlog: {level: debug}");
    var next = running.taking(fresh, Keys.RELOADED);
    assertThat(next.get(MqttKeys.MQTT_PORT)).isEqualTo(1);
    assertThat(next.get(MqttKeys.CONNECTIONS_MAX)).isEqualTo(50_000);
    assertThat(next.get(OperationKeys.LOG_LEVEL)).isEqualTo(OperationKeys.LogLevel.DEBUG);
    assertThat(running.differing(next)).containsExactly("log.level", "mqtt.connections-max");
    assertThat(next.differing(fresh)).containsExactly("mqtt.listeners.a.port", "mqtt.port");
  }

  @Test
  void ofAListenerThatStaysTheBalancersChangeAndOfOthersNothing() throws Exception {
    var running =
        Configuration.parse(
            "c.yaml",
            "mqtt: {listeners: {a: {port: 1, proxy-protocol-from: [10.0.0.1]},"
                + " gone: {port: 2, proxy-protocol-from: [10.0.0.1]}}}");
    var fresh =
        Configuration.parse(
            "c.yaml",
            "mqtt: {listeners: {a: {port: 1, proxy-protocol-from: [10.0.0.2]},"
                + " new: {proxy-protocol-from: [10.0.0.3]}}}");

    var next = running.taking(fresh, Keys.reloaded(running));

    assertThat(next.get(MqttKeys.LISTENER_PROXIED_FROM.of("a")))
        .containsExactly(AddressBlock.parse("10.0.0.2"));
    assertThat(next.get(MqttKeys.LISTENER_PROXIED_FROM.of("gone")))
        .as("nobody may come in directly meanwhile")
        .containsExactly(AddressBlock.parse("10.0.0.1"));
    assertThat(next.names(MqttKeys.LISTENER_PORT)).containsExactly("a", "gone");
    assertThat(next.differing(fresh))
        .containsExactly(
            "mqtt.listeners.gone.port",
            "mqtt.listeners.gone.proxy-protocol-from",
            "mqtt.listeners.new.proxy-protocol-from");
  }

  @Test
  void withTheUsersOwnBrokerTheExchangesKeysWait() throws Exception {
    var broker = Configuration.parse("c.yaml", "upstream: {address: 'tcp://b:1883'}");

    assertThat(Keys.reloaded(broker))
        .doesNotContain(ExchangeKeys.QUEUE_MESSAGES)
        .contains(MqttKeys.MESSAGES_PER_SECOND, SourceKeys.TRUSTED);
    assertThat(Keys.reloaded(Configuration.defaults())).contains(ExchangeKeys.QUEUE_MESSAGES);
  }

  @Test
  void aValueKnowsItsPlace() throws Exception {
    var read = Configuration.parse("c.yaml", "tls:\n  key-file: /k\n");
    assertThat(read.place(OperationKeys.KEY_FILE)).isEqualTo("c.yaml:2:13: tls.key-file");
    assertThat(read.place(MqttKeys.MQTT_PORT)).isEqualTo("mqtt.port");
  }

  private static void refused(String yaml, String... parts) {
    assertThatThrownBy(() -> Configuration.parse("c.yaml", yaml))
        .isInstanceOf(MalformedConfiguration.class)
        .hasMessageContainingAll(parts);
  }
}
