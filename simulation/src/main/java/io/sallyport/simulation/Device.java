package io.sallyport.simulation;

import io.sallyport.identity.rotation.Jitter;
import io.sallyport.identity.rotation.device.Ask;
import io.sallyport.identity.rotation.device.CertificateCheck;
import io.sallyport.identity.rotation.device.DeviceEffect;
import io.sallyport.identity.rotation.device.DeviceEvent;
import io.sallyport.identity.rotation.device.DeviceRotation;
import io.sallyport.identity.rotation.device.DeviceRules;
import io.sallyport.identity.rotation.device.MalformedRotation;
import io.sallyport.identity.rotation.device.Refusal;
import io.sallyport.identity.rotation.device.RotatingDevice;
import io.sallyport.identity.rotation.device.RotationText;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A device: the real machine, a flash that outlives the power, a connection, and bad luck. What it
 * sends arrives late, twice, or not at all.
 */
class Device {
  private static final Duration BOOT = Duration.ofSeconds(20);
  private static final Duration MAKING = Duration.ofSeconds(2);
  private static final Duration TRIP = Duration.ofMillis(400);
  private static final Duration LATE_MAX = Duration.ofDays(1);
  private static final Duration HASTE = Duration.ofSeconds(1);
  private static final long NONE = -1;

  final World world;
  final Account account;
  final Flash flash = new Flash();
  final SplittableRandom random;
  final Duration clockError;
  private final boolean isTaciturn;
  private final DeviceRules rules;
  private final Jitter jitter;
  private @Nullable RotatingDevice machine;
  private DeviceRotation stored = DeviceRotation.enrolled();
  private boolean hasPower;
  private boolean hasNetwork = true;
  private int boots;
  private long connected = NONE;
  private long noted;
  private long reachable;
  private long reachableFrom = NONE;

  Device(World world, Account account, SplittableRandom random) {
    this.world = world;
    this.account = account;
    this.random = random;
    this.jitter = new Jitter(world.scenario().seed());
    var weather = world.weather();
    this.clockError =
        random.nextDouble() < weather.clocks()
            ? Duration.ofHours((long) Math.pow(10, random.nextDouble() * 5.5))
                .multipliedBy(random.nextBoolean() ? 1 : -1)
            : Duration.ZERO;
    this.isTaciturn = random.nextDouble() < weather.taciturn();
    var rules = world.scenario().device();
    this.rules = random.nextDouble() < weather.hasty() ? hasty(rules) : rules;
    flash.keep(0, account.active.key);
    flash.certify(0, account.active);
  }

  /** Not our agent, but one that does what the documentation asks of it and no more. */
  private static DeviceRules hasty(DeviceRules rules) {
    return new DeviceRules(rules.reconnect(), rules.request(), rules.retry(), HASTE);
  }

  DeviceRotation stored() {
    return stored;
  }

  boolean isConnected() {
    return connected != NONE;
  }

  // --- power and network ---

  void powerOn() {
    if (!hasPower && !account.isBeyond) {
      hasPower = true;
      boot();
    }
  }

  void powerOff() {
    noteReachable();
    hasPower = false;
    crash();
  }

  /** Power and network are there. */
  void stayOn() {
    noteReachable();
    hasNetwork = true;
    powerOn();
  }

  /** For how long it had power and network since that moment. */
  long reachableSince(long moment) {
    noteReachable();
    return moment == reachableFrom ? reachable : 0;
  }

  private void noteReachable() {
    long now = world.schedule().now();
    long expiry = account.active.notAfter;
    if (reachableFrom != expiry) {
      reachableFrom = expiry;
      reachable = 0;
    }
    if (hasPower && hasNetwork) {
      reachable += Math.max(0, now - Math.max(noted, expiry));
    }
    noted = now;
  }

  private void crash() {
    boots++;
    machine = null;
    connected = NONE;
    world.server().gone(account);
  }

  private void boot() {
    int boot = boots;
    world.schedule().in(BOOT, () -> restarted(boot));
  }

  private void restarted(int boot) {
    if (boot != boots || !hasPower || machine != null) {
      return;
    }
    try {
      stored = RotationText.parse(RotationText.of(stored));
    } catch (MalformedRotation e) {
      throw new IllegalStateException("what a device wrote, it cannot read", e);
    }
    machine = new RotatingDevice(stored, rules, jitter, account.name);
    step(new DeviceEvent.Restarted());
  }

  void loseNetwork() {
    noteReachable();
    hasNetwork = false;
    cut();
  }

  /** The connection breaks, and both ends notice. */
  void cut() {
    world.server().gone(account);
    long was = connected;
    connected = NONE;
    if (was != NONE) {
      soon(() -> step(new DeviceEvent.Disconnected(was)));
    }
  }

  boolean isReachable() {
    return machine != null && hasNetwork && world.server().isUp();
  }

  // --- steps ---

  /** The power may fail before the state is stored, and before each effect. */
  private void step(DeviceEvent event) {
    var machine = this.machine;
    if (machine == null) {
      return;
    }
    int boot = boots;
    world.trace(account, () -> "event  " + event);
    var effects = react(machine, event);
    if (isPowerCut()) {
      return;
    }
    stored = machine.state();
    world.trace(account, () -> "stored " + stored.keys() + " " + stored.stage());
    for (var effect : effects) {
      if (boot != boots || isPowerCut()) {
        return;
      }
      world.trace(account, () -> "effect " + effect);
      perform(effect);
    }
  }

  List<DeviceEffect> react(RotatingDevice machine, DeviceEvent event) {
    return machine.on(event);
  }

  private boolean isPowerCut() {
    if (!world.isUnlucky(account, world.weather().reboots())) {
      return false;
    }
    world.trace(account, () -> "power cut");
    world.figures().reboots++;
    crash();
    boot();
    return true;
  }

  private void perform(DeviceEffect effect) {
    switch (effect) {
      case DeviceEffect.MakeKey make -> after(MAKING, () -> keyMade(make.generation()));
      case DeviceEffect.SendRequest request -> request(request.generation(), request.nonce());
      case DeviceEffect.RenewExpired renewal -> renew(renewal.with(), renewal.generation());
      case DeviceEffect.Connect connect -> connect(connect.generation());
      case DeviceEffect.KeepOnly kept -> {
        flash.keepOnly(kept.generations());
        world.witness().requireWayIn(account, "after a key was deleted");
      }
      case DeviceEffect.WakeAfter wake ->
          after(wake.delay(), () -> step(new DeviceEvent.Woken(wake.ticket())));
      case DeviceEffect.Report report ->
          toServer(() -> world.server().reported(account, report.notice(), report.nonce()));
    }
  }

  private void keyMade(long generation) {
    flash.keep(generation, world.nextKey());
    step(new DeviceEvent.KeyMade(generation));
  }

  // --- messages ---

  /** If it is still running then. */
  private void after(Duration delay, Runnable what) {
    int boot = boots;
    world
        .schedule()
        .in(
            delay,
            () -> {
              if (boot == boots) {
                what.run();
              }
            });
  }

  private void soon(Runnable what) {
    after(TRIP.plusMillis(random.nextInt(1000)), what);
  }

  /** Over the connection that stands, if it does; then late, twice, or not at all. */
  private void toServer(Runnable what) {
    if (isConnected()) {
      travel(
          () -> {
            if (world.server().isUp()) {
              what.run();
            }
          });
    }
  }

  private void toDevice(Runnable what) {
    if (isConnected()) {
      travel(what);
    }
  }

  private void travel(Runnable what) {
    var weather = world.weather();
    int copies = world.isUnlucky(account, weather.doubled()) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      if (!world.isUnlucky(account, weather.lost())) {
        long delay =
            world.isUnlucky(account, weather.late())
                ? random.nextLong(LATE_MAX.toMillis())
                : TRIP.toMillis() + random.nextInt(1000);
        world.schedule().in(delay, what);
      }
    }
  }

  void sent(Ask ask) {
    toDevice(() -> step(new DeviceEvent.Asked(ask)));
  }

  private void request(long generation, String nonce) {
    flash
        .key(generation)
        .ifPresent(
            key ->
                toServer(
                    () -> {
                      var answer = world.server().requested(account, key, nonce);
                      toDevice(
                          () ->
                              answer.ifPresentOrElse(
                                  this::received,
                                  () -> step(new DeviceEvent.RequestRefused(generation))));
                    }));
  }

  private void received(Certificate certificate) {
    if (machine == null) {
      return;
    }
    flash
        .generation(certificate.key)
        .ifPresent(
            generation -> {
              flash.certify(generation, certificate);
              step(new DeviceEvent.Certified(generation, check(certificate)));
            });
  }

  CertificateCheck check(Certificate certificate) {
    return CertificateCheck.GOOD;
  }

  private void renew(long with, long generation) {
    var shown = flash.certificate(with);
    var key = flash.key(generation);
    if (shown.isEmpty() || key.isEmpty()) {
      throw world.witness().usedDeleted(account, with);
    }
    soon(
        () -> {
          if (!isReachable()) {
            step(new DeviceEvent.RenewalFailed(with, Refusal.UNREACHABLE));
            return;
          }
          var answer = world.server().renewed(account, shown.get(), key.getAsInt());
          boolean lost = world.isUnlucky(account, world.weather().lost());
          soon(
              () -> {
                if (lost) {
                  step(new DeviceEvent.RenewalFailed(with, Refusal.UNREACHABLE));
                } else if (answer.isPresent()) {
                  received(answer.get());
                } else {
                  step(new DeviceEvent.RenewalFailed(with, Refusal.REFUSED));
                }
              });
        });
  }

  // --- the door ---

  private void connect(long generation) {
    var shown = flash.certificate(generation);
    if (shown.isEmpty()) {
      throw world.witness().usedDeleted(account, generation);
    }
    soon(() -> arrive(generation, shown.get()));
  }

  private void arrive(long generation, Certificate shown) {
    if (!isReachable()) {
      step(new DeviceEvent.ConnectFailed(generation, Refusal.UNREACHABLE));
      return;
    }
    var refusal = world.server().refusal(account, shown);
    if (refusal != null) {
      var told = isTaciturn ? Refusal.REFUSED : refusal;
      soon(() -> step(new DeviceEvent.ConnectFailed(generation, told)));
      return;
    }
    long was = connected;
    connected = NONE;
    world.server().accepted(account, shown);
    boolean isEndedFirst = random.nextBoolean();
    if (was != NONE && isEndedFirst) {
      step(new DeviceEvent.Disconnected(was));
    }
    if (machine == null || account.connectedBy != shown) {
      return;
    }
    if (world.isUnlucky(account, world.weather().lost())) {
      world.server().gone(account);
      step(new DeviceEvent.ConnectFailed(generation, Refusal.UNREACHABLE));
      if (was != NONE && !isEndedFirst) {
        step(new DeviceEvent.Disconnected(was));
      }
      return;
    }
    connected = generation;
    step(new DeviceEvent.Connected(generation));
    if (was != NONE && !isEndedFirst) {
      step(new DeviceEvent.Disconnected(was));
    }
    world.server().desired(account).ifPresent(this::sent);
  }
}
