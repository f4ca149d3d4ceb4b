package io.sallyport.app.configuration;

import io.sallyport.control.rotation.RotationSettings;
import io.sallyport.identity.rotation.Backoff;
import io.sallyport.identity.rotation.PaceRules;
import io.sallyport.identity.rotation.RotationRules;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys of the rotation of devices' certificates. */
public final class RotationKeys {
  private static final int PERCENT = 100;

  public static final Key<Boolean> ENABLED =
      Key.flag(
          "rotation.enabled",
          true,
          "Devices whose certificate is due are asked for a new key in their shadow `rotation`;"
              + " without it only those that an operator names.");
  public static final Key<Duration> WINDOW =
      Key.time(
          "rotation.window",
          "1h",
          "365d",
          "30d",
          "How long before its end a certificate is due, but never before two thirds of its life.");
  public static final Key<Duration> KEY_AGE_MAX =
      Key.time(
          "rotation.key-age-max",
          "0s",
          "3650d",
          "0s",
          "How old a key may become, whatever its certificate says; 0s for any age.");
  public static final Key<Long> MESSAGES_MAX =
      Key.count(
          "rotation.messages-max",
          0,
          1_000_000_000_000_000L,
          0,
          "After how many messages a key is due, those of both directions together; 0 for any"
              + " number.");
  public static final Key<Long> BYTES_MAX =
      Key.size(
          "rotation.bytes-max",
          0,
          1L << 50,
          "0B",
          "After how many bytes of MQTT a key is due, those of both directions together; 0B for any"
              + " number.");
  public static final Key<Duration> COUNT_INTERVAL =
      Key.time(
          "rotation.count-interval",
          "1s",
          "1d",
          "10m",
          "How often it is written what keys protected; a kill loses no more than this.");
  public static final Key<Duration> SPREAD =
      Key.time(
          "rotation.spread",
          "0s",
          "30d",
          "3d",
          "Over which time devices that are due together are spread, at most a quarter of what is"
              + " left.");
  public static final Key<Duration> ANSWER =
      Key.time(
          "rotation.answer-time",
          "1h",
          "90d",
          "7d",
          "How long a device has to answer, at most half of what is left, or all of it in the last"
              + " four days; then its old certificate stays, and there is an alarm.");
  public static final Key<Duration> PROOF =
      Key.time(
          "rotation.proof-time",
          "10m",
          "90d",
          "7d",
          "How long a new certificate waits for a connection with it; then it is withdrawn, and the"
              + " device is asked anew.");
  public static final Key<Duration> GRACE =
      Key.time(
          "rotation.grace",
          "1m",
          "30d",
          "1d",
          "How long the old certificate is good after a connection with the new one.");
  public static final Key<Duration> WAVE_INTERVAL =
      Key.time("rotation.wave-interval", "1m", "7d", "1h", "The time between two waves, at least.");
  public static final Key<Integer> WAVE_FIRST =
      Key.number("rotation.wave-first", 1, 10_000, 10, "How many devices the first wave has.");
  public static final Key<Integer> WAVE_MAX =
      Key.number(
          "rotation.wave-max",
          1,
          100_000,
          1_000,
          "How many devices a wave has at most; each that goes well is followed by one that has a"
              + " tenth of that more.");
  public static final Key<Integer> SLOW_ABOVE =
      Key.number(
          "rotation.slow-above",
          1,
          99,
          5,
          "Above how many failures in a hundred the next wave is half as big.");
  public static final Key<Integer> PAUSE_ABOVE =
      Key.number(
          "rotation.pause-above",
          1,
          100,
          20,
          "Above how many failures in a hundred no wave follows until an operator resumes.");

  static final List<Key<?>> ALL =
      List.of(
          ENABLED,
          WINDOW,
          KEY_AGE_MAX,
          MESSAGES_MAX,
          BYTES_MAX,
          COUNT_INTERVAL,
          SPREAD,
          ANSWER,
          PROOF,
          GRACE,
          WAVE_INTERVAL,
          WAVE_FIRST,
          WAVE_MAX,
          SLOW_ABOVE,
          PAUSE_ABOVE);

  private RotationKeys() {}

  /** What the keys say to control. */
  public static RotationSettings settings(Configuration configuration) {
    return new RotationSettings(
        configuration.get(ENABLED),
        rules(configuration),
        pace(configuration),
        configuration.get(COUNT_INTERVAL));
  }

  private static RotationRules rules(Configuration configuration) {
    var usual = RotationRules.USUAL;
    return new RotationRules(
        configuration.get(WINDOW),
        usual.lifeShare(),
        keyAge(configuration.get(KEY_AGE_MAX)),
        use(configuration.get(MESSAGES_MAX)),
        use(configuration.get(BYTES_MAX)),
        configuration.get(SPREAD),
        configuration.get(ANSWER),
        configuration.get(PROOF),
        configuration.get(GRACE),
        new Backoff(usual.again().first(), usual.again().max()));
  }

  private static @Nullable Duration keyAge(Duration age) {
    return age.isZero() ? null : age;
  }

  private static @Nullable Long use(long max) {
    return max == 0 ? null : max;
  }

  private static PaceRules pace(Configuration configuration) {
    var usual = PaceRules.USUAL;
    int first = configuration.get(WAVE_FIRST);
    int max = Math.max(first, configuration.get(WAVE_MAX));
    int slow = configuration.get(SLOW_ABOVE);
    return new PaceRules(
        first,
        max,
        Math.max(1, max / 10),
        (double) slow / PERCENT,
        (double) Math.max(slow, configuration.get(PAUSE_ABOVE)) / PERCENT,
        usual.sampleMin(),
        usual.quorum(),
        usual.patience(),
        configuration.get(WAVE_INTERVAL));
  }
}
