package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.gateway.trust.DeviceState;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.policy.PolicySet;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Connect;
import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions asked of real connections, and what a denial tells to whom. */
@SuppressWarnings("NullAway.Init")
class PolicyConditionsTest {
  private static final String CONNECT =
      TestGate.statement("Allow", List.of("iot:Connect", "iot:Receive"), "*");
  private static TestGate gate;

  @BeforeAll
  static void open(@TempDir Path directory) {
    gate = TestGate.open(directory);
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @ParameterizedTest
  @CsvSource({
    "near,    IpAddress,        aws:SourceIp,             127.0.0.0/8,          true",
    "far,     IpAddress,        sallyport:SourceAddress,  10.0.0.0/8,           false",
    "late,    DateGreaterThan,  aws:CurrentTime,          2020-01-01T00:00:00Z, true",
    "early,   DateLessThan,     aws:CurrentTime,          2020-01-01T00:00:00Z, false",
    "young,   NumericLessThan,  sallyport:CertificateAge, 30,                   true",
    "old,     NumericGreaterThan, sallyport:CertificateAge, 30,                 false",
    "mqtt,    StringEquals,     sallyport:ListenerName,   mqtt,                 true",
    "secure,  Bool,             aws:SecureTransport,      false,                false",
    "named,   StringEquals,     iot:Certificate.Subject.CommonName, named,      true",
    "unknown, VersionLessThan,  sallyport:FirmwareVersion, 9,                   false",
    "proof,   BoolIfExists,     sallyport:Attested,       true,                 true",
  })
  void aPublicationIsDecidedByWhatIsKnown(
      String id, String operator, String key, String value, boolean allowed) throws IOException {
    var device = device(id, DeviceState.UNKNOWN, publishing("Allow", operator, key, value));
    try (var client = gate.connected(id, device)) {
      assertThat(isAllowed(client)).isEqualTo(allowed);
      assertThat(isAllowed(client)).isEqualTo(allowed);
    }
  }

  @Test
  void aFactThatChangesIsSeenByTheVeryNextPublication() throws IOException {
    var denied = publishing("Deny", "StringEquals", "sallyport:DeviceTag/state", "lost");
    var allowed = TestGate.statement("Allow", List.of("iot:Publish"), "*");
    var untagged = new DeviceState("1.0", true, null, Map.of("state", "found"));
    var device = device("tagged", untagged, allowed, denied);
    try (var client = gate.connected("tagged", device)) {
      assertThat(isAllowed(client)).isTrue();
      var tagged = new DeviceState("1.0", true, null, Map.of("state", "lost"));
      put("tagged", device, tagged, allowed, denied);
      assertThat(isAllowed(client)).isFalse();
      put("tagged", device, untagged, allowed, denied);
      assertThat(isAllowed(client)).isTrue();
    }
  }

  /** Nobody tells the gate: time alone ends it, in a session that stays open. */
  @Test
  void evidenceThatGrowsTooOldCountsNoMore() throws Exception {
    var policy = publishing("Allow", "Bool", "sallyport:Attested", "true");
    var until = Instant.now().plusSeconds(3);
    var device = device("proven", new DeviceState("1.0", true, until, Map.of()), policy);
    try (var client = gate.connected("proven", device)) {
      assertThat(isAllowed(client)).isTrue();
      while (Instant.now().isBefore(until)) {
        Thread.sleep(100);
      }
      assertThat(isAllowed(client)).isFalse();
    }
  }

  @Test
  void aConnectIsDecidedByItsWill() throws IOException {
    var id = "mortal";
    var policies =
        new String[] {
          CONNECT,
          TestGate.statement("Allow", List.of("iot:Publish"), "*"),
          "{\"Effect\":\"Deny\",\"Action\":\"iot:Connect\",\"Resource\":\"*\",\"Condition\":"
              + "{\"ArnLike\":{\"iot:LastWillTopic\":\"arn:aws:iot:*:*:topic/alarms/*\"}}}"
        };
    var device = device(id, DeviceState.UNKNOWN, policies);
    assertThat(connack(device, new Connect(id).will("alarms/x", "x", 0, false))).isEqualTo(0x87);
    assertThat(connack(device, new Connect(id).will("other", "x", 0, false))).isZero();
    assertThat(connack(device, new Connect(id))).isZero();
  }

  @Test
  void aConnectIsDecidedByItsAttributes() throws IOException {
    var id = "plain";
    var only =
        "{\"Effect\":\"Allow\",\"Action\":\"iot:Connect\",\"Resource\":\"*\",\"Condition\":"
            + "{\"ForAllValues:StringEquals\":{\"iot:ConnectAttributes\":[]}}}";
    var device = gate.device(id);
    put(
        id,
        device,
        DeviceState.UNKNOWN,
        only,
        TestGate.statement("Allow", List.of("iot:Publish"), "*"));
    assertThat(connack(device, new Connect(id))).isZero();
    assertThat(connack(device, new Connect(id).will("w", "x", 0, false))).isEqualTo(0x87);
  }

  @Test
  void theLedgerTracesADenialAndTheDeviceSeesNoRule() throws IOException {
    var secret = publishing("Allow", "IpAddress", "aws:SourceIp", "10.9.8.7");
    var device = device("curious", DeviceState.UNKNOWN, secret);
    try (var client = gate.connected("curious", device)) {
      var answer = client.publishAcknowledged("topic", "x");
      assertThat(answer.at(2)).isEqualTo(0x87);
      assertThat(answer.text())
          .contains("not authorized")
          .doesNotContain("10.9")
          .doesNotContain("statement")
          .doesNotContain("SourceIp")
          .doesNotContain("nearly");
    }
    gate.expectEvent(
        EventType.PUBLISH_DENIED,
        "trace=no statement allows it; nearly: Allow test v1 statement 1 line 1:"
            + " IpAddress aws:SourceIp");
  }

  private static String publishing(String effect, String operator, String key, String value) {
    return ("{\"Effect\":\"%s\",\"Action\":\"iot:Publish\",\"Resource\":\"*\","
            + "\"Condition\":{\"%s\":{\"%s\":\"%s\"}}}")
        .formatted(effect, operator, key, value);
  }

  private static TestIdentity device(String id, DeviceState state, String... statements) {
    var device = gate.device(id);
    put(id, device, state, statements);
    return device;
  }

  private static void put(String id, TestIdentity device, DeviceState state, String... statements) {
    gate.trust.put(
        new TrustedPrincipal(
            new PrincipalId(id),
            PrincipalKind.DEVICE,
            Standing.ACTIVE,
            Set.of(device.fingerprint()),
            policies(statements),
            null,
            Map.of(),
            state));
  }

  private static PolicySet policies(String... statements) {
    var all = new ArrayList<>(List.of(statements));
    if (all.stream().noneMatch(statement -> statement.contains("iot:Connect"))) {
      all.addFirst(CONNECT);
    }
    return TestGate.parsed(all.toArray(String[]::new));
  }

  private static boolean isAllowed(MqttClient client) throws IOException {
    var answer = client.publishAcknowledged("topic", "x");
    return answer.length() < 3 || answer.at(2) != 0x87;
  }

  private static int connack(TestIdentity device, Connect connect) throws IOException {
    try (var client = gate.v5(device)) {
      return client.connect(connect).at(1);
    }
  }
}
