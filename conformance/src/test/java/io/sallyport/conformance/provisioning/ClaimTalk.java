package io.sallyport.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Packet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A device with a claim in raw MQTT, packet by packet: so it can be cut off at any of them. */
final class ClaimTalk implements AutoCloseable {
  static final String CREATE = "$aws/certificates/create-from-csr/";
  static final String REGISTER = "$aws/provisioning-templates/lamps/provision/";

  private static final JsonMapper JSON = new JsonMapper();
  private static final int PUBLISH = 3;

  private final MqttClient client;

  private ClaimTalk(MqttClient client) {
    this.client = client;
  }

  /** Connects with the claim of that folder and subscribes to every answer. */
  static ClaimTalk open(ProvisioningSite site, Path claim) throws IOException {
    var identity = new Bundle("unit", claim).identity();
    var client = MqttClient.v3(identity.sslContext(), site.product.mqttPort());
    assertThat(client.connect("unit").at(1)).as("the code of CONNACK").isZero();
    var granted =
        client.subscribe(
            CREATE + "json/+", CREATE + "cbor/+", REGISTER + "json/+", REGISTER + "cbor/+");
    assertThat(granted.body()).endsWith(1, 1, 1, 1);
    return new ClaimTalk(client);
  }

  /** An answer: where it came, and what it says. */
  @SuppressWarnings("ArrayRecordComponent") // Read once, compared with nothing.
  record Said(String topic, byte[] payload) {
    static Said of(Packet packet) {
      assertThat(packet.type()).isEqualTo(PUBLISH);
      // At QoS 1: behind the topic there is a packet id.
      int start = 2 + packet.u16(0) + 2;
      return new Said(packet.topic(), Arrays.copyOfRange(packet.body(), start, packet.length()));
    }
  }

  /** Sends a request, and does not wait. */
  void send(String topic, byte[] payload) throws IOException {
    client.publish(topic, payload, 0, false, 0);
  }

  Said ask(String topic, byte[] payload) throws IOException {
    send(topic, payload);
    return Said.of(client.receive());
  }

  static byte[] createRequest(String csr) {
    return JSON.writeValueAsBytes(Map.of("certificateSigningRequest", csr));
  }

  static byte[] registerRequest(String token, String serial) {
    return JSON.writeValueAsBytes(
        Map.of("certificateOwnershipToken", token, "parameters", Map.of("SerialNumber", serial)));
  }

  /** Asks for a certificate in JSON; the answer, accepted or rejected. */
  JsonNode create(String csr) throws IOException {
    return json(ask(CREATE + "json", createRequest(csr)));
  }

  /** Registers a thing in JSON; the answer, accepted or rejected. */
  JsonNode register(String token, String serial) throws IOException {
    return json(ask(REGISTER + "json", registerRequest(token, serial)));
  }

  private static JsonNode json(Said said) {
    return JSON.readTree(new String(said.payload(), StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
