package io.sallyport.simulation;

import io.sallyport.simulation.Certificate.Status;
import io.sallyport.simulation.Weather.Incident;
import io.sallyport.simulation.Weather.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/** A fleet, its server, and the time. */
public final class World {
  /** No device. */
  static final int NOBODY = -1;

  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration MONTH = Duration.ofDays(30);

  private final Scenario scenario;
  private final Schedule schedule = new Schedule();
  private final Figures figures = new Figures();
  private final Witness witness = new Witness(this);
  private final Server server;
  private final List<Device> devices = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private final int traced;
  private Weather weather;
  private int keys;

  /** Makes a device; a test makes worse ones. */
  interface Maker {
    Device make(World world, Account account, SplittableRandom random);
  }

  /** Is told each month how far it is. */
  interface Progress {
    void passed(Duration sinceBeginning, Figures figures);
  }

  World(Scenario scenario, Function<World, Server> server, Maker maker, int traced) {
    this.scenario = scenario;
    this.weather = scenario.weather();
    this.traced = traced;
    this.server = server.apply(this);
    var seeds = new SplittableRandom(scenario.seed());
    for (int i = 0; i < scenario.devices(); i++) {
      add(maker, i, seeds.split());
    }
  }

  private void add(Maker maker, int index, SplittableRandom random) {
    long born = -random.nextLong(Math.max(1, scenario.enrolledWithin().toMillis()));
    var first =
        new Certificate(nextKey(), born, born + scenario.life().toMillis(), Status.ACTIVE, false);
    var account = new Account(index, first);
    var device = maker.make(this, account, random);
    devices.add(device);
    witness.enrolled(account);
    server.takeUp(account, first);
    Habits.of(device).begin();
    if (random.nextDouble() < weather.revoked() * scenario.length().toDays() / YEAR.toDays()) {
      schedule.in(random.nextLong(scenario.length().toMillis()), () -> revoke(account));
    }
  }

  private void revoke(Account account) {
    figures.revoked++;
    server.revoke(account);
  }

  /**
   * Lets the time pass.
   *
   * @throws Violation at the first promise that is broken
   */
  Figures run(Progress progress) {
    server.begin();
    for (var incident : weather.incidents()) {
      if (incident.trouble() == Trouble.OUTAGE) {
        schedule.in(incident.from(), () -> devices.forEach(Device::cut));
      }
    }
    for (var until = MONTH; until.compareTo(scenario.length()) < 0; until = until.plus(MONTH)) {
      schedule.runUntil(until);
      figures.happened = schedule.happened();
      progress.passed(until, figures);
    }
    schedule.runUntil(scenario.length());
    weather = Weather.fair();
    devices.forEach(Device::stayOn);
    schedule.runUntil(scenario.length().plus(Scenario.CLEARING));
    devices.forEach(device -> witness.requireBack(device.account));
    figures.happened = schedule.happened();
    return figures;
  }

  Scenario scenario() {
    return scenario;
  }

  Schedule schedule() {
    return schedule;
  }

  Weather weather() {
    return weather;
  }

  boolean isClear() {
    return schedule.now() >= scenario.length().toMillis();
  }

  Server server() {
    return server;
  }

  Witness witness() {
    return witness;
  }

  Figures figures() {
    return figures;
  }

  Device device(Account account) {
    return devices.get(account.index);
  }

  int nextKey() {
    return keys++;
  }

  Optional<Incident> trouble(Trouble trouble) {
    for (var incident : weather.incidents()) {
      if (incident.trouble() == trouble && incident.isAt(schedule.now())) {
        return Optional.of(incident);
      }
    }
    return Optional.empty();
  }

  boolean isUnlucky(Account account, double share) {
    return share > 0 && device(account).random.nextDouble() < share;
  }

  /** Notes what happens to the one device that is watched. */
  void trace(Account account, Supplier<String> what) {
    if (account.index == traced) {
      history.add("%s  %s".formatted(schedule.instant(), what.get()));
    }
  }

  List<String> history() {
    return history;
  }
}
