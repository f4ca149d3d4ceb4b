package io.sallyport.simulation;

import io.sallyport.identity.rotation.Backoff;
import io.sallyport.identity.rotation.PaceRules;
import io.sallyport.identity.rotation.RotationRules;
import io.sallyport.identity.rotation.device.DeviceRules;
import java.time.Duration;

/**
 * What is simulated. The same values give the same history.
 *
 * @param seed all luck
 * @param devices how many
 * @param length for how long, before the weather clears for {@link #CLEARING}
 * @param life how long a certificate is valid
 * @param enrolledWithin over which time before the beginning the devices were enrolled
 * @param pastExpiryMax how long after its end a certificate opens the door for expired ones
 * @param resumedAfter how long an operator takes to end a pause
 * @param rules the server's
 * @param pace the server's
 * @param device the devices'
 * @param weather what goes wrong
 */
public record Scenario(
    long seed,
    int devices,
    Duration length,
    Duration life,
    Duration enrolledWithin,
    Duration pastExpiryMax,
    Duration resumedAfter,
    RotationRules rules,
    PaceRules pace,
    DeviceRules device,
    Weather weather) {
  /** How long everything works and everybody is on at the end: who is not in by then, is out. */
  public static final Duration CLEARING = Duration.ofDays(12);

  // Longer waits between rounds than a device should have, so that years pass in a minute.
  private static final DeviceRules PATIENT =
      new DeviceRules(
          new Backoff(Duration.ofMinutes(1), Duration.ofHours(6)),
          DeviceRules.USUAL.request(),
          DeviceRules.USUAL.retry(),
          DeviceRules.USUAL.oldKept());

  /** A fleet by the usual rules: 90 days of life, 30 days at the door for expired certificates. */
  public static Scenario of(long seed, int devices, Duration length, Weather weather) {
    return new Scenario(
        seed,
        devices,
        length,
        Duration.ofDays(90),
        Duration.ofDays(60),
        Duration.ofDays(30),
        Duration.ofDays(2),
        RotationRules.USUAL,
        PaceRules.USUAL,
        PATIENT,
        weather);
  }

  Scenario with(Weather changed) {
    return new Scenario(
        seed,
        devices,
        length,
        life,
        enrolledWithin,
        pastExpiryMax,
        resumedAfter,
        rules,
        pace,
        device,
        changed);
  }

  Scenario with(int fewer, Duration shorter) {
    return changed(seed, fewer, shorter, enrolledWithin);
  }

  /** The same with other luck. */
  Scenario seeded(long other) {
    return changed(other, devices, length, enrolledWithin);
  }

  /** The same with devices that were enrolled within that time. */
  Scenario enrolledWithin(Duration time) {
    return changed(seed, devices, length, time);
  }

  private Scenario changed(long seed, int devices, Duration length, Duration enrolledWithin) {
    return new Scenario(
        seed,
        devices,
        length,
        life,
        enrolledWithin,
        pastExpiryMax,
        resumedAfter,
        rules,
        pace,
        device,
        weather);
  }
}
