package io.sallyport.app.agent;

import io.sallyport.agent.Agent;
import io.sallyport.agent.Settings;
import io.sallyport.agent.Weather;
import io.sallyport.agent.Witness;
import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.job.JobHandler;
import io.sallyport.agent.mqtt.Answer;
import io.sallyport.agent.mqtt.Ending;
import io.sallyport.agent.mqtt.Greeting;
import io.sallyport.agent.mqtt.Network;
import io.sallyport.agent.outbox.Limits;
import io.sallyport.agent.state.Sync;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** Many agents in one process, on two event loops and virtual threads. */
final class SimulatedFleet implements AutoCloseable {
  /**
   * What the fleet does.
   *
   * @param duration how long
   * @param rate messages a second, of all devices together
   * @param connectRate new devices a second
   * @param stormEvery between two storms, or zero for none
   * @param stormShare of the devices that lose their connection in a storm, 0 to 1
   */
  record Plan(
      Duration duration, double rate, int connectRate, Duration stormEvery, double stormShare) {}

  // Small: a device says little, and there are many.
  private static final Limits LIMITS =
      new Limits(64 * 1024, 500, 16 * 1024, Limits.WhenFull.DROP_OLDEST);
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(4);
  private static final int LOOPS = 2;
  private static final long TICK_MILLIS = 20;
  private static final double MILLIS = 1_000;

  /** One device, and what is known of what it said. */
  private final class Device implements Witness {
    private final Agent agent;
    private final Map<Long, Long> said = new ConcurrentHashMap<>();
    private final AtomicBoolean stands = new AtomicBoolean();

    Device(Bundle bundle, Path folder) {
      var id = bundle.identity().id().value();
      var settings =
          new Settings(
              bundle,
              folder.resolve(id),
              Sync.PROCESS,
              LIMITS,
              Greeting.of(id).withKeepAlive(KEEP_ALIVE),
              io.sallyport.agent.Patience.USUAL,
              null,
              null);
      agent =
          new Agent(
              settings, network, new Weather(machine.clock(), luck.nextLong(), threads), this);
      agent.withJobs(jobs -> jobs.handle("ping", (_, _) -> new JobHandler.Done(true, "pong")));
      agent.withShadow(
          shadow -> shadow.onDesired("interval", wish -> shadow.report("interval", wish)));
    }

    void say(String text) {
      var at = machine.nanos().getAsLong();
      var number = agent.publish(agent.telemetryTopic(), text.getBytes(StandardCharsets.UTF_8));
      if (number > 0) {
        tally.published();
        said.put(number, at);
      }
    }

    @Override
    public void connected() {
      // A second one takes the place of the first.
      if (stands.compareAndSet(false, true)) {
        tally.connected();
      }
    }

    @Override
    public void ended(Ending ending) {
      tally.ended(stands.compareAndSet(true, false), ending);
    }

    @Override
    public void answered(long sequence, Answer answer) {
      var at = said.remove(sequence);
      if (answer.isTaken()) {
        tally.acknowledged(at == null ? -1 : machine.nanos().getAsLong() - at);
      } else if (!answer.isForNow()) {
        tally.denied();
      }
    }
  }

  private final Machine machine;
  private final RandomGenerator luck;
  private final Tally tally;
  private final Network network = new Network(LOOPS);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Device> devices = new ArrayList<>();

  SimulatedFleet(
      Machine machine, List<Bundle> bundles, Path folder, RandomGenerator luck, Tally tally) {
    this.machine = machine;
    this.luck = luck;
    this.tally = tally;
    bundles.forEach(bundle -> devices.add(new Device(bundle, folder)));
  }

  /**
   * Lives until the plan is done, or it is stopped.
   *
   * @param look is called several times a second
   */
  void live(Plan plan, CountDownLatch stop, Runnable look) throws InterruptedException {
    var begun = machine.nanos().getAsLong();
    var started = 0;
    var owed = 0.0;
    var before = begun;
    var storm = plan.stormEvery().isZero() ? Long.MAX_VALUE : plan.stormEvery().toNanos();
    while (true) {
      var now = machine.nanos().getAsLong();
      var passed = now - begun;
      if (passed >= plan.duration().toNanos()) {
        return;
      }
      var due = Math.min(devices.size(), 1 + (long) (passed / 1e9 * plan.connectRate()));
      for (; started < due; started++) {
        begin(devices.get(started), started);
      }
      owed += (now - before) / 1e9 * plan.rate();
      before = now;
      for (; owed >= 1; owed--) {
        devices.get(luck.nextInt(started)).say("{\"t\":" + luck.nextInt(-20, 60) + "}");
      }
      if (passed >= storm) {
        storm += plan.stormEvery().toNanos();
        cut(plan.stormShare());
      }
      look.run();
      if (stop.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  private static void begin(Device device, int number) {
    device.agent.withShadow(
        shadow -> shadow.report("unit", Json.mapper().getNodeFactory().numberNode(number)));
    device.agent.start();
  }

  private void cut(double share) {
    for (var device : devices) {
      if (luck.nextDouble() < share && device.stands.get()) {
        tally.cut();
        device.agent.cut();
      }
    }
  }

  /**
   * Waits until all are connected and everything that was said is acknowledged, but not longer than
   * that.
   *
   * @param look is called several times a second
   * @return how many messages still wait
   */
  long settle(Duration most, CountDownLatch stop, Runnable look) throws InterruptedException {
    var end = machine.nanos().getAsLong() + most.toNanos();
    while (true) {
      var waiting = 0L;
      for (var device : devices) {
        waiting += device.agent.status().join().telemetry().waiting();
      }
      var settled = waiting == 0 && tally.connectedNow() == devices.size();
      if (settled
          || machine.nanos().getAsLong() > end
          || stop.await((long) (MILLIS / 5), TimeUnit.MILLISECONDS)) {
        return waiting;
      }
      look.run();
    }
  }

  /** Telemetry that gave way or was not written. */
  long lost() {
    var lost = 0L;
    for (var device : devices) {
      var counts = device.agent.status().join().telemetry();
      lost += counts.dropped() + counts.refused() + counts.failed();
    }
    return lost;
  }

  @Override
  public void close() {
    devices.forEach(device -> device.agent.close());
    network.close();
    threads.close();
  }
}
