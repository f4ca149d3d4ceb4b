package io.sallyport.app.demo;

import io.sallyport.agent.Agent;
import io.sallyport.agent.Settings;
import io.sallyport.agent.Status;
import io.sallyport.agent.Weather;
import io.sallyport.agent.Witness;
import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.bundle.MalformedBundle;
import io.sallyport.agent.command.Commands;
import io.sallyport.agent.mqtt.Network;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.command.AllowList;
import io.sallyport.identity.command.Channel;
import io.sallyport.identity.command.CommandHandler;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.CommandRule;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The stations of a device that our agent runs: it obeys a signed command, once, and changes its
 * key and certificate while it works.
 */
final class AgentStations {
  static final String DEVICE = "demo-04";
  private static final String COMMANDS = "devices/" + DEVICE + "/commands";
  private static final String COMMAND = "blink";
  private static final String TENANT = "sallyport";
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration REPLAYED = Duration.ofMillis(500);
  private static final double NANOS_PER_MILLI = 1e6;

  private final Machine machine;
  private final Surroundings surroundings;
  private final Operator operator;
  private final Guide guide;
  private final Path folder;

  AgentStations(
      Machine machine, Surroundings surroundings, Operator operator, Guide guide, Path folder) {
    this.machine = machine;
    this.surroundings = surroundings;
    this.operator = operator;
    this.guide = guide;
    this.folder = folder;
  }

  /** Runs the device, and shows both; the dashboard is a backend that is connected. */
  void show(DemoDevice dashboard)
      throws IOException, GeneralSecurityException, InterruptedException {
    var bundle = folder.resolve("bundles").resolve(DEVICE);
    operator.json("device", "enroll", DEVICE, "--bundle", bundle.toString(), "--format", "agent");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var network = new Network(1)) {
      var settings =
          Settings.of(Bundle.read(bundle, null), folder.resolve("agent")).with(authority());
      var weather = new Weather(machine.clock(), new SecureRandom().nextLong(), threads);
      try (var agent = new Agent(settings, network, weather, new Witness() {})) {
        var done = new AtomicInteger();
        Objects.requireNonNull(agent.commands())
            .handle(
                COMMAND,
                _ -> new CommandHandler.Done(true, "blinked " + done.incrementAndGet(), null));
        agent.start();
        if (!comes(() -> status(agent).connected())) {
          guide.tell(false, DEVICE + "'s agent", "did not connect: " + status(agent).lastEnding());
          return;
        }
        command(dashboard, done);
        rotation(agent);
      }
    } catch (MalformedBundle | MalformedPem e) {
      throw new IOException(e);
    }
  }

  private Commands.Authority authority() throws GeneralSecurityException, MalformedPem {
    var rule = new CommandRule(Set.of(Channel.COMMANDS), false, Map.of(), Map.of());
    var signers = new ArrayList<AllowList.Signer>();
    for (var key : operator.json("command", "key", "export").path("keys")) {
      var der = Pem.decode(key.path("publicKey").asString(), "PUBLIC KEY");
      signers.add(
          new AllowList.Signer(
              KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der)),
              Map.of(new CommandName(COMMAND), rule)));
    }
    return new Commands.Authority(TENANT, new AllowList(signers));
  }

  private void command(DemoDevice dashboard, AtomicInteger done)
      throws IOException, InterruptedException {
    dashboard.subscribeToOthers(COMMANDS);
    var begun = machine.nanos().getAsLong();
    var answered = operator.json("command", "send", DEVICE, COMMAND, "--wait");
    guide.tell(
        done.get() == 1 && answered.toString().contains("device-key"),
        "signed command",
        "%s did \"%s\" and signed its receipt, %.0f ms"
            .formatted(DEVICE, COMMAND, (machine.nanos().getAsLong() - begun) / NANOS_PER_MILLI));

    // Whoever sits in the broker has seen it, and may say the very same again.
    var seen = dashboard.expect(DemoDevice.PUBLISH);
    dashboard.acknowledge(seen);
    dashboard.publish(COMMANDS, seen.payload());
    surroundings.pause().of(REPLAYED);
    guide.tell(
        done.get() == 1,
        "its replay refused",
        "%d bytes, validly signed, sent again: done %d time"
            .formatted(seen.payload().length, done.get()));
  }

  private void rotation(Agent agent) throws InterruptedException {
    long before = status(agent).credential();
    var begun = machine.nanos().getAsLong();
    operator.json("rotate", "start", DEVICE);
    boolean rotated = comes(() -> status(agent).connected() && status(agent).credential() > before);
    guide.tell(
        rotated,
        "certificate rotated",
        rotated
            ? "%s made a new key, and is connected with it; the old one opens for a day more, %.0f ms"
                .formatted(DEVICE, (machine.nanos().getAsLong() - begun) / NANOS_PER_MILLI)
            : "still connected with the old one");
  }

  private boolean comes(BooleanSupplier condition) throws InterruptedException {
    var end = machine.nanos().getAsLong() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (machine.nanos().getAsLong() > end) {
        return false;
      }
      surroundings.pause().of(LOOK);
    }
    return true;
  }

  private static Status status(Agent agent) {
    return agent.status().join();
  }
}
