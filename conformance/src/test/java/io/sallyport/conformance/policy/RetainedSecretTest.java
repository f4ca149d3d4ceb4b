package io.sallyport.conformance.policy;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.sallyport.conformance.clients.HiveMq;
import io.sallyport.conformance.product.Lab;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A secret that a device left for every later subscriber. */
@ExtendWith(Lab.Resolver.class)
class RetainedSecretTest {
  private static final String KEY = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49";

  private final Lab lab;
  private final String id;
  private final Mqtt5AsyncClient device;

  RetainedSecretTest(Lab lab) {
    this.lab = lab;
    var who = lab.openClient();
    id = who.clientId();
    device = HiveMq.v5(who);
  }

  @BeforeEach
  void connects() throws Exception {
    await(device.connect());
  }

  @AfterEach
  void leavesNothing() throws Exception {
    retain("key", "");
    retain("plain", "");
    await(device.disconnect());
  }

  @Test
  void aRetainedPrivateKeyIsFoundAndNotTold() throws Exception {
    retain("key", KEY);
    retain("plain", "{\"temperature\": 21.5}");

    var found = lab.product().cli("policy", "lint", "--fleet").expecting(1);
    assertThat(found.out())
        .contains("POL-15  error")
        .contains("'secrets/" + id + "/key' by " + id + " holds a private key")
        .doesNotContain("secrets/" + id + "/plain")
        .doesNotContain("MIGHAgEAMBMGByqGSM49");

    retain("key", "");

    assertThat(lab.product().cli("policy", "lint", "--fleet", "--json").out())
        .contains("\"retained\"")
        .doesNotContain("secrets/" + id);
  }

  private void retain(String last, String text) throws Exception {
    var message = device.publishWith().topic("secrets/" + id + "/" + last).retain(true);
    await(message.qos(MqttQos.AT_LEAST_ONCE).payload(text.getBytes(UTF_8)).send());
  }
}
