package io.sallyport.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.Agent;
import io.sallyport.agent.Settings;
import io.sallyport.agent.Status;
import io.sallyport.agent.Witness;
import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.bundle.MalformedBundle;
import io.sallyport.agent.bundle.Server;
import io.sallyport.agent.mqtt.Network;
import io.sallyport.agent.state.Sync;
import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.EstKeys;
import io.sallyport.app.configuration.MqttKeys;
import io.sallyport.app.configuration.RenewalKeys;
import io.sallyport.app.configuration.ServerKeys;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.app.installation.Installation;
import io.sallyport.app.node.Node;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.enrolment.authority.ExpiredRenewalSettings;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.DeviceKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that slept until its certificate had expired. */
class AgentRenewalTest {
  private static final String DEVICE = "sleeper";

  @TempDir private Path folder;

  private static Machine machine(InstantSource clock) {
    return new Machine(clock, System::nanoTime, Map.of(), Terminal.ofProcess(Map.of()));
  }

  /** An installation of two months ago, whose device was enrolled for a day, two days ago. */
  private Path enrolled() throws Exception {
    var now = new AtomicReference<>(Instant.now().minus(Duration.ofDays(60)));
    var bundle = Files.createDirectory(folder.resolve("bundle"));
    try (var installation =
            Installation.open(
                new DataDirectory(folder.resolve("data")),
                Configuration.defaults(),
                machine(now::get),
                true);
        var keys = DeviceKeys.generate(PrincipalKind.DEVICE, new PrincipalId(DEVICE))) {
      now.set(Instant.now().minus(Duration.ofDays(2)));
      var answer =
          installation
              .control()
              .enroller()
              .enrol(
                  new EnrolmentRequest(
                      PrincipalKind.DEVICE, DEVICE, keys.requestPem(), Map.of(), "", null, 1),
                  "test");
      Files.writeString(
          bundle.resolve("device.crt"), ((Enrolment.Issued) answer).certificate().pem());
      Files.write(bundle.resolve("device.key"), keys.privateKeyPem());
      Files.setPosixFilePermissions(
          bundle.resolve("device.key"), PosixFilePermissions.fromString("rw-------"));
    }
    Files.copy(folder.resolve("data/ca/root.crt"), bundle.resolve("ca.crt"));
    return bundle;
  }

  private Node node(ExpiredRenewalSettings.Mode mode) {
    return Node.start(
        new DataDirectory(folder.resolve("data")),
        Configuration.defaults()
            .with(MqttKeys.MQTT_HOST, "127.0.0.1")
            .with(MqttKeys.MQTT_PORT, 0)
            .with(ServerKeys.HTTPS_PORT, 0)
            .with(EstKeys.ENABLED, true)
            .with(EstKeys.PORT, 0)
            .with(RenewalKeys.EXPIRED, mode),
        machine(InstantSource.system()));
  }

  private Agent agent(Path bundle, Node node, Network network) throws MalformedBundle {
    var settings =
        Settings.of(
                Bundle.read(bundle, new Server("localhost", node.mqttPort())),
                folder.resolve("state"))
            .with(Sync.PROCESS)
            .with(Yard.QUICK)
            .withRenewal(new Server("localhost", Objects.requireNonNull(node.estPort())));
    return new Agent(settings, network, Yard.WEATHER, new Witness() {});
  }

  private static Status status(Agent agent) {
    return agent.status().join();
  }

  @Test
  void comesBackByTheDoorForExpiredCertificates() throws Exception {
    var bundle = enrolled();
    try (var node = node(ExpiredRenewalSettings.Mode.ALLOW);
        var network = new Network(1)) {
      try (var agent = agent(bundle, node, network)) {
        agent.start();
        Yard.await("connected with a new key", () -> status(agent).connected());
        assertThat(status(agent).credential()).isPositive();
      }
    }
  }

  @Test
  void staysOutsideWhereItIsRefused() throws Exception {
    var bundle = enrolled();
    try (var node = node(ExpiredRenewalSettings.Mode.REFUSE);
        var network = new Network(1)) {
      try (var agent = agent(bundle, node, network)) {
        agent.start();
        Yard.await("told", () -> status(agent).lastEnding().contains("expired"));
        Thread.sleep(1_500);
        assertThat(status(agent).connected()).isFalse();
        assertThat(status(agent).connections()).isZero();
      }
    }
  }
}
