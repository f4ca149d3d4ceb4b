package io.sallyport.conformance.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import io.sallyport.policy.Action;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.Subject;
import io.sallyport.policy.mosquitto.Access;
import io.sallyport.policy.mosquitto.AclFile;
import io.sallyport.policy.mosquitto.MosquittoAcl;
import io.sallyport.policy.mosquitto.MosquittoImport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An ACL file at a real Mosquitto, in our model of it, and imported: three times one answer. */
class ImportedRulesTest {
  private static final String RULES =
      """
      user dev-a
      topic write devices/%c/telemetry
      topic readwrite a/#
      topic deny a/secret/#
      topic write p/+/c
      topic deny y/dev-a/cmd
      topic t/a
      topic write A/B
      user dev-b
      topic read devices/dev-a/cmd
      topic readwrite x/#
      user dev-a
      topic write again
      user lab
      topic readwrite #
      pattern write state/%u
      pattern write state2/%c/x
      pattern deny x/secret/%u
      pattern readwrite y/%u/#
      pattern write dev-%c/t
      pattern read public/#
      pattern read sync/%u
      """;

  @TempDir private static @Nullable Path folder;
  private static @Nullable Program broker;
  private static int port;

  @BeforeAll
  static void startMosquitto() throws IOException {
    Tool.need(Tool.MOSQUITTO);
    var home = Objects.requireNonNull(folder);
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Files.writeString(home.resolve("acl"), RULES);
    Files.writeString(
        home.resolve("mosquitto.conf"),
        "listener %d 127.0.0.1\nallow_anonymous true\nacl_file acl\npersistence false\nuser %s\n"
            .formatted(port, System.getProperty("user.name")));
    var started =
        Program.start(home, List.of(Tool.MOSQUITTO.path().toString(), "-c", "mosquitto.conf"));
    broker = started;
    Patience.until("a mosquitto that listens: " + started, ImportedRulesTest::accepts);
  }

  @AfterAll
  static void stopMosquitto() {
    if (broker != null) {
      broker.close();
    }
  }

  @ParameterizedTest(name = "{0}: {1} {2} {3}")
  @CsvSource({
    "M-01,  dev-a, WRITE, devices/dev-a/telemetry, false",
    "M-02,  dev-a, WRITE, devices/%c/telemetry, true",
    "M-09,  dev-a, WRITE, state/dev-a, true",
    "M-10,  dev-a, WRITE, state/dev-b, false",
    "M-06,  dev-c, WRITE, state2/dev-c/x, true",
    "M-08,  dev-c, WRITE, state2/dev-a/x, false",
    "M-12,  dev-b, READ,  devices/dev-a/cmd, true",
    "M-12a, dev-b, READ,  devices/dev-b/cmd, false",
    "M-14,  dev-a, READ,  again, false",
    "M-15,  dev-a, READ,  t/a, true",
    "M-15a, dev-a, WRITE, t/a, true",
    "M-18,  dev-a, WRITE, a/secret, false",
    "M-18a, dev-a, WRITE, a/1, true",
    "M-19,  dev-a, READ,  a/secret/1, false",
    "M-20,  dev-b, WRITE, x/secret/dev-b, true",
    "M-21,  dev-a, WRITE, y/dev-a/cmd, false",
    "M-21a, dev-a, WRITE, y/dev-a/other, true",
    "M-23,  dev-c, READ,  public/1, true",
    "M-30,  dev-a, WRITE, a, true",
    "M-30a, dev-a, WRITE, ab, false",
    "M-31,  dev-a, WRITE, p//c, true",
    "M-31a, dev-a, WRITE, p/b/b/c, false",
    "M-32,  dev-a, WRITE, dev-dev-a/t, true",
    "M-34,  dev-a, WRITE, again, true",
    "M-36,  dev-a, WRITE, A/B, true",
    "M-36a, dev-a, WRITE, A/b, false",
    "M-39,  lab,   WRITE, $other/x, false"
  })
  void theBrokerTheModelAndThePoliciesAgree(
      String id, String user, Access access, String topic, boolean expected) throws Exception {
    boolean there = access == Access.WRITE ? mayWrite(user, topic) : mayRead(user, topic);
    boolean model = new MosquittoAcl(AclFile.parse(RULES)).decide(user, user, access, topic);
    boolean here =
        rights(user)
            .decide(access == Access.WRITE ? Action.PUBLISH : Action.RECEIVE, topic)
            .isAllowed();

    assertThat(List.of(there, model, here))
        .as("%s at the broker, in the model, by the policies", id)
        .containsOnly(expected);
  }

  @Test
  void everyRuleOfItIsKeptExactly() throws Exception {
    assertThat(MosquittoImport.of(AclFile.parse(RULES)).isExact()).isTrue();
  }

  private static boolean mayWrite(String user, String topic) {
    var client = connected(user);
    try {
      client.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).send();
      return true;
    } catch (Mqtt5PubAckException e) {
      assertThat(e.getMqttMessage().getReasonCode())
          .isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
      return false;
    } finally {
      client.disconnect();
    }
  }

  /** A message that everybody may read, sent behind the one in question, ends the waiting. */
  private static boolean mayRead(String user, String topic) throws Exception {
    var writer = connected("lab");
    var reader = connected(user);
    try (var publishes = reader.publishes(MqttGlobalPublishFilter.ALL)) {
      reader.subscribeWith().topicFilter("#").send();
      var end = "sync/" + user;
      for (var name : List.of(topic, end)) {
        writer.publishWith().topic(name).qos(MqttQos.AT_LEAST_ONCE).send();
      }
      var heard = new ArrayList<String>();
      while (!heard.contains(end)) {
        var message = publishes.receive(10, TimeUnit.SECONDS);
        heard.add(message.orElseThrow(() -> new AssertionError("no " + end)).getTopic().toString());
      }
      return heard.contains(topic);
    } finally {
      reader.disconnect();
      writer.disconnect();
    }
  }

  private static Mqtt5BlockingClient connected(String user) {
    var client =
        Mqtt5Client.builder()
            .serverHost("127.0.0.1")
            .serverPort(port)
            .identifier(user)
            .simpleAuth()
            .username(user)
            .applySimpleAuth()
            .buildBlocking();
    client.connect();
    return client;
  }

  private static SessionPolicy rights(String user) throws Exception {
    var imported = MosquittoImport.of(AclFile.parse(RULES));
    var names = imported.attachments().getOrDefault(user, imported.patternPolicies());
    var policies = new ArrayList<PolicyVersion>();
    for (var policy : imported.policies()) {
      if (names.contains(policy.name())) {
        policies.add(new PolicyVersion(policy.name(), 1, PolicyDocument.parse(policy.json())));
      }
    }
    var commonName = Subject.known(Map.of("Subject.CommonName", List.of(user)));
    return SessionPolicy.compile(
        PolicySet.of(policies), new Subject(user, null, null, Map.of(), commonName));
  }

  private static boolean accepts() {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
