package io.sallyport.conformance.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From a policy that allows everything to one that allows what is needed, as an operator goes. */
class LeastPrivilegeTest {
  private static final String OPEN =
      """
      {"Version": "2012-10-17", "Statement": [
        {"Sid": "All", "Effect": "Allow", "Action": ["iot:*"], "Resource": ["*"]},
        {"Sid": "Never", "Effect": "Allow", "Action": "iot:Publish",
         "Resource": "arn:aws:iot:*:*:topic/never"}
      ]}
      """;
  private static final List<String> DEVICES = List.of("lamp-1", "lamp-2");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;
  private ProductProcess product;

  @BeforeAll
  static void needsTheTools() {
    Tool.need(Tool.MOSQUITTO_PUB, Tool.MOSQUITTO_SUB, Tool.STDBUF);
  }

  @BeforeEach
  void startsWithLampsThatMayDoEverything() throws IOException {
    var configuration = folder.resolve("sallyport.yaml");
    Files.writeString(configuration, "policy:\n  record-interval: 1s\n");
    product = ProductProcess.start(folder.resolve("data"), "--config", configuration.toString());
    put("open", OPEN);
    cli("group", "create", "lamps");
    for (var device : DEVICES) {
      cli("device", "enroll", device, "--bundle", folder.resolve(device).toString());
      cli("policy", "detach", "default-device", device);
      cli("group", "add", "lamps", device);
    }
    cli("policy", "attach", "open", "--group", "lamps");
  }

  @AfterEach
  void ends() {
    product.close();
  }

  @Test
  void observeSuggestPutObserveEnforce() throws IOException {
    cli("policy", "observe", "--group", "lamps");
    DEVICES.forEach(this::works);
    untilSeen("lamps/", 2);
    product.kill();
    product.restart();
    DEVICES.forEach(this::works);
    untilSeen("lamps/", 4);

    var suggested = cli("policy", "suggest", "--group", "lamps", "--since", "1h");
    assertThat(suggested.out())
        .contains("topic/lamps/${iot:Connection.Thing.ThingName}/state")
        .contains("topicfilter/lamps/${iot:Connection.Thing.ThingName}/set/+")
        .contains("topic/lamps/${iot:Connection.Thing.ThingName}/set/*")
        .doesNotContain("\"*\"", "lamp-1", "lamp-2");
    assertThat(suggested.err()).contains("lamp-1 lamp-2", "its own name");
    put("tight", suggested.out());
    var file = Files.writeString(folder.resolve("tight.json"), suggested.out());
    cli("policy", "lint", file.toString());

    cli("policy", "observe", "tight", "--group", "lamps");
    DEVICES.forEach(this::works);
    // Allowed as long as it is only proposed, and counted.
    assertThat(publish("lamp-1", "lamps/lamp-2/state").said()).doesNotContain("RC:135");
    assertThat(publish("lamp-1", "lamps/lamp-2/state").said()).doesNotContain("RC:135");
    Patience.until("two denials", () -> observation().path("denied").asInt() == 2);
    var denial = observation().path("denials").get(0);
    assertThat(denial.path("principal").asString()).isEqualTo("lamp-1");
    assertThat(denial.path("name").asString()).isEqualTo("lamps/lamp-2/state");
    assertThat(denial.path("action").asString()).isEqualTo("iot:Publish");
    new Ledger(product)
        .expect("would-be-denied", "lamp-1", "lamps/lamp-2/state", "no statement allows it");
    assertThat(product.cli("policy", "enforce", "--group", "lamps").expecting(1).err())
        .contains("2 uses");

    // The attack stops, and the fleet is ready.
    cli("policy", "observe", "tight", "--group", "lamps");
    cli("policy", "enforce", "--group", "lamps");

    DEVICES.forEach(this::works);
    assertThat(publish("lamp-1", "lamps/lamp-2/state").said()).contains("RC:135");
    new Ledger(product).expect("policy-enforced", "lamps", "\"before\":\"open\"", "tight");
    assertThat(cli("policy", "observations").out()).doesNotContain("lamps");
  }

  @Test
  void whatNobodyUsedIsFoundAlsoAfterAKill() {
    works("lamp-1");
    Patience.until("the use of All", () -> unused("open").stream().noneMatch("All"::equals));
    assertThat(unused("open")).containsExactly("Never");

    product.kill();
    product.restart();

    assertThat(unused("open")).doesNotContain("All");
    Patience.until("a watch after the kill", () -> unused("open").contains("Never"));
    assertThat(cli("policy", "unused", "--policy", "open").out())
        .contains("open v1", "Never", "the whole statement", "never seen");
  }

  /** Says its state, and listens to what it is set to. */
  private void works(String device) {
    assertThat(publish(device, "lamps/" + device + "/state").said()).doesNotContain("RC:135");
    var listened =
        Program.runLine(
            folder.resolve(device),
            client("mosquitto_sub", device, "lamps/" + device + "/set/+") + " -q 1 -d -E");
    assertThat(listened.said()).contains("Subscribed (mid").doesNotContain("denied");
  }

  private Ran publish(String device, String topic) {
    return Program.runLine(
        folder.resolve(device), client("mosquitto_pub", device, topic) + " -q 1 -d -m x");
  }

  private String client(String program, String device, String topic) {
    return program
        + (" -V 5 -h localhost -p " + product.mqttPort())
        + " --cafile ca.crt --cert device.crt --key device.key"
        + (" -i " + device + " -t '" + topic + "'");
  }

  private void put(String name, String document) throws IOException {
    var file = Files.writeString(folder.resolve(name + "-put.json"), document);
    cli("policy", "put", name, file.toString());
  }

  private Ran cli(String... arguments) {
    return product.cli(arguments).expecting(0);
  }

  private JsonNode json(String... arguments) {
    return JSON.readTree(cli(arguments).out());
  }

  private JsonNode observation() {
    return json("policy", "observations", "--group", "lamps", "--json");
  }

  /** Waits until so many publications were written. */
  private void untilSeen(String prefix, int count) {
    Patience.until(
        count + " publications below " + prefix,
        () -> {
          var ran = product.cli("policy", "suggest", "--group", "lamps", "--json");
          return ran.exit() == 0
              && JSON.readTree(ran.out())
                      .path("statements")
                      .valueStream()
                      .filter(one -> one.path("sid").asString().equals("Publish"))
                      .flatMap(one -> one.path("resources").valueStream())
                      .mapToInt(one -> one.path("count").asInt())
                      .sum()
                  >= count;
        });
  }

  /** The statements of a policy of which everything is unused. */
  private List<String> unused(String policy) {
    return json("policy", "unused", "--policy", policy, "--json")
        .path("policies")
        .get(0)
        .path("unused")
        .valueStream()
        .filter(one -> one.path("whole").asBoolean(false))
        .map(one -> one.path("sid").asString())
        .toList();
  }
}
