package io.sallyport.simulation;

import java.time.Duration;

/** When a device is on, and off, and on again. */
enum Habits {
  /** On, but for hours without a network. */
  STEADY(Duration.ofDays(60), Duration.ofHours(4)),
  /** On for hours, every few days. */
  SLEEPER(Duration.ofHours(8), Duration.ofDays(6)),
  /** Off for months. */
  HIBERNATOR(Duration.ofDays(30), Duration.ofDays(90));

  private static final Duration FIRST = Duration.ofHours(1);

  private final Duration on;
  private final Duration off;

  Habits(Duration on, Duration off) {
    this.on = on;
    this.off = off;
  }

  /** What begins the life of a device. */
  record Life(Device device, Habits habits) {
    void begin() {
      var world = device.world;
      world
          .schedule()
          .in(
              device.random.nextLong(FIRST.toMillis()),
              () -> {
                device.powerOn();
                later(habits.on, this::pause);
              });
    }

    private void pause() {
      if (device.world.isClear()) {
        return;
      }
      if (habits == STEADY) {
        device.loseNetwork();
      } else {
        device.powerOff();
      }
      later(habits.off, this::resume);
    }

    private void resume() {
      if (device.world.isClear()) {
        return;
      }
      device.stayOn();
      later(habits.on, this::pause);
    }

    /** Some time around that. */
    private void later(Duration mean, Runnable what) {
      var share = 0.1 + 1.8 * device.random.nextDouble();
      device.world.schedule().in((long) (mean.toMillis() * share), what);
    }
  }

  static Life of(Device device) {
    var weather = device.world.weather();
    double share = device.random.nextDouble();
    if (share < weather.sleepers()) {
      return new Life(device, SLEEPER);
    }
    return new Life(
        device, share < weather.sleepers() + weather.hibernators() ? HIBERNATOR : STEADY);
  }
}
