package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.Standing;
import io.sallyport.identity.rotation.CertificateUse;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.TestIdentity;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is counted of each certificate: everything, once, whenever somebody asks. */
@Timeout(60)
final class CarriedTest {
  @TempDir Path directory;

  private static List<CertificateUse> taken(TestGate gate) {
    return gate.gateway.recording().uses().drain();
  }

  private static CertificateUse only(TestGate gate) {
    var uses = taken(gate);
    assertThat(uses).hasSize(1);
    return uses.getFirst();
  }

  /** Adds what came to what was there. */
  private static void add(Map<Fingerprint, CertificateUse> all, List<CertificateUse> more) {
    more.forEach(use -> all.merge(use.certificate(), use, CertificateUse::plus));
  }

  private static long messages(Map<Fingerprint, CertificateUse> all, TestIdentity of) {
    var use = all.get(of.fingerprint());
    return use == null ? 0 : use.messages();
  }

  @Test
  void messagesAndBytesOfBothDirectionsAreCountedOnce() throws Exception {
    try (var gate = TestGate.open(directory);
        var client = gate.connected("meter", gate.powerful("meter"))) {
      // What CONNECT and its answer took is told, too.
      var before = only(gate);
      assertThat(before.messages()).isZero();
      assertThat(before.bytes()).isGreaterThan(20);
      assertThat(taken(gate)).as("told already").isEmpty();

      for (int i = 0; i < 3; i++) {
        client.publishAcknowledged("a/b", "x");
      }
      var published = only(gate);
      assertThat(published.messages()).isEqualTo(3);
      // MQTT 5: 2 + (2 + 3) topic + 2 id + 1 properties + 1 payload, and an answer of 5: that
      // nobody has subscribed.
      assertThat(published.bytes()).isEqualTo(3 * (11 + 5));

      client.subscribe("a/b");
      taken(gate);
      client.publish("a/b", "y".repeat(5_000));
      client.receive();
      var echoed = only(gate);
      assertThat(echoed.messages()).as("it came, and it went").isEqualTo(2);
      assertThat(echoed.bytes()).isBetween(10_000L, 10_050L);
    }
  }

  @Test
  void whatIsRefusedWasProtectedToo() throws Exception {
    try (var gate = TestGate.open(directory);
        var client = gate.connected("meter", gate.device("meter"))) {
      taken(gate);
      client.publishAcknowledged("nowhere", "");
      client.publishAcknowledged("$SYS/x", "");
      assertThat(only(gate).messages()).isEqualTo(2);
    }
  }

  @Test
  void aConnectionTellsOfItselfWhenItEnds() throws Exception {
    try (var gate = TestGate.open(directory)) {
      var device = gate.powerful("meter");
      var all = new HashMap<Fingerprint, CertificateUse>();
      for (int i = 0; i < 3; i++) {
        try (var client = gate.connected("meter", device)) {
          client.publishAcknowledged("a", "x");
          client.publishAcknowledged("a", "x");
        }
      }
      TestGate.eventually(
          () -> {
            add(all, taken(gate));
            return messages(all, device) == 6;
          },
          all::toString);
      gate.gateway.close();
      assertThat(taken(gate)).isEmpty();
    }
  }

  @Test
  void whatIsOpenAtTheEndOfTheGateIsTold() throws Exception {
    try (var gate = TestGate.open(directory)) {
      var device = gate.powerful("meter");
      try (var client = gate.connected("meter", device)) {
        client.publishAcknowledged("a", "x");
        gate.gateway.close();
        assertThat(only(gate).messages()).isEqualTo(1);
      }
    }
  }

  @Test
  void certificatesOfOneDeviceAreCountedApart() throws Exception {
    try (var gate = TestGate.open(directory)) {
      var old = gate.ca.device("meter");
      var fresh = gate.ca.device("meter");
      gate.put(
          "meter",
          Standing.ACTIVE,
          Set.of(old.fingerprint(), fresh.fingerprint()),
          TestGate.allowing("iot:*"));
      try (var client = gate.connected("meter", old)) {
        client.publishAcknowledged("a", "x");
        client.publishAcknowledged("a", "x");
      }
      try (var client = gate.connected("meter", fresh)) {
        client.publishAcknowledged("a", "x");
        var all = new HashMap<Fingerprint, CertificateUse>();
        TestGate.eventually(
            () -> {
              add(all, taken(gate));
              return all.size() == 2;
            },
            all::toString);
        assertThat(messages(all, old)).isEqualTo(2);
        assertThat(messages(all, fresh)).isEqualTo(1);
      }
    }
  }

  /** The race: a count that is taken while the connection goes on, or while it ends. */
  @Test
  void nothingIsLostOrCountedTwiceWhileItIsTaken() throws Exception {
    int rounds = 10;
    int each = 25;
    try (var gate = TestGate.open(directory)) {
      var device = gate.powerful("meter");
      var all = new HashMap<Fingerprint, CertificateUse>();
      var done = new AtomicBoolean();
      var taker =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!done.get()) {
                      add(all, taken(gate));
                    }
                  });
      for (int round = 0; round < rounds; round++) {
        try (var client = gate.connected("meter", device)) {
          publish(client, each);
        }
      }
      done.set(true);
      taker.join();
      TestGate.eventually(
          () -> {
            add(all, taken(gate));
            return messages(all, device) >= (long) rounds * each;
          },
          all::toString);
      gate.gateway.close();
      add(all, taken(gate));
      assertThat(messages(all, device)).isEqualTo((long) rounds * each);
    }
  }

  private static void publish(MqttClient client, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      client.publishAcknowledged("a", "x");
    }
  }
}
