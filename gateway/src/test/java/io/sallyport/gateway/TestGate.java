package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.builtin.BuiltInExchange;
import io.sallyport.gateway.tls.DeviceAnchors;
import io.sallyport.gateway.tls.ServerCredentials;
import io.sallyport.gateway.trust.TrustAge;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import io.sallyport.policy.DefaultPolicies;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.TestCa;
import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A gate on a free port of this machine with a CA of its own and the built-in exchange. */
final class TestGate implements AutoCloseable {
  static final GatewayConfiguration CONFIGURATION =
      GatewayConfiguration.DEFAULTS.withAddress("127.0.0.1", 0).withEventLoops(2);

  final TestCa ca = TestCa.create(Instant.now());
  final TrustState trust;
  final List<SecurityEvent> events = new CopyOnWriteArrayList<>();

  /** What an observer was told of the connections. */
  final List<String> steps = new CopyOnWriteArrayList<>();

  final BuiltInExchange exchange;
  final Gateway gateway;

  private TestGate(
      Path directory,
      GatewayConfiguration configuration,
      UnaryOperator<Exchange> around,
      TrustAge age) {
    trust = new TrustState(age);
    var server = ca.server();
    gateway =
        new Gateway(
            configuration,
            new ServerCredentials(server.privateKey(), server.chain()),
            new DeviceAnchors(List.of(ca.devices()), List.of(ca.root())),
            trust,
            events::add,
            InstantSource.system(),
            (_, _) -> new RecordedLife(steps));
    exchange =
        new BuiltInExchange(
            directory, ExchangeLimits.DEFAULTS, gateway.authority(), InstantSource.system());
    gateway.start(around.apply(exchange));
  }

  static TestGate open(Path directory) {
    return open(directory, UnaryOperator.identity());
  }

  static TestGate open(Path directory, UnaryOperator<GatewayConfiguration> changes) {
    return open(directory, changes, UnaryOperator.identity());
  }

  /** With trust that ages. */
  static TestGate open(Path directory, TrustAge age) {
    return new TestGate(directory, CONFIGURATION, UnaryOperator.identity(), age);
  }

  /** With something between the gate and the exchange. */
  static TestGate open(
      Path directory, UnaryOperator<GatewayConfiguration> changes, UnaryOperator<Exchange> around) {
    return new TestGate(directory, changes.apply(CONFIGURATION), around, TrustAge.NONE);
  }

  int port() {
    return gateway.port();
  }

  /** A device with the default policy. */
  TestIdentity device(String id) {
    var device = ca.device(id);
    put(id, device, Standing.ACTIVE, policies(DefaultPolicies.DEVICE, DefaultPolicies.device()));
    return device;
  }

  /** A device that may do everything with everything. */
  TestIdentity powerful(String id) {
    var device = ca.device(id);
    put(id, device, Standing.ACTIVE, allowing("iot:*", "sallyport:ShareGroup"));
    return device;
  }

  void put(String id, TestIdentity certificate, Standing standing, PolicySet policies) {
    put(id, standing, Set.of(certificate.fingerprint()), policies);
  }

  void put(String id, Standing standing, Set<Fingerprint> certificates, PolicySet policies) {
    trust.put(
        new TrustedPrincipal(
            new PrincipalId(id),
            PrincipalKind.DEVICE,
            standing,
            certificates,
            policies,
            null,
            Map.of()));
  }

  /** A policy that allows these actions on every resource. */
  static PolicySet allowing(String... actions) {
    return parsed(statement("Allow", List.of(actions), "*"));
  }

  static String statement(String effect, List<String> actions, String resource) {
    return "{\"Effect\":\"%s\",\"Action\":[\"%s\"],\"Resource\":\"%s\"}"
        .formatted(effect, String.join("\",\"", actions), resource);
  }

  static PolicySet parsed(String... statements) {
    try {
      return policies(
          "test",
          PolicyDocument.parse(
              "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}"
                  .formatted(String.join(",", statements))));
    } catch (MalformedPolicy e) {
      throw new AssertionError(e);
    }
  }

  private static PolicySet policies(String name, PolicyDocument document) {
    return PolicySet.of(List.of(new PolicyVersion(name, 1, document)));
  }

  MqttClient v3(TestIdentity device) throws IOException {
    return MqttClient.v3(device.sslContext(), port());
  }

  MqttClient v5(TestIdentity device) throws IOException {
    return MqttClient.v5(device.sslContext(), port());
  }

  /** Connected as MQTT 5 under the id. */
  MqttClient connected(String id, TestIdentity device) throws IOException {
    var client = v5(device);
    var answer = client.connect(id);
    assertThat(answer.type()).isEqualTo(2);
    assertThat(answer.at(1)).as("CONNACK reason").isZero();
    return client;
  }

  /** Waits for an event of a type that says a word somewhere. */
  void expectEvent(EventType type, String word) {
    eventually(
        () -> events.stream().anyMatch(e -> e.type() == type && e.toString().contains(word)),
        () -> type + " with '" + word + "' in " + events);
  }

  static void eventually(BooleanSupplier condition, java.util.function.Supplier<String> what) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    gateway.close();
    exchange.close();
  }
}
