package io.sallyport.identity.rotation;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a credential is replaced, and how long the old one and the new one are both valid.
 *
 * @param beforeExpiry how long before its end a certificate is due, unless it lives too shortly for
 *     that
 * @param lifeShare which share of its life a certificate has at least behind it when it is due for
 *     its end, between 0 and 1: with two thirds, what lives 90 days is due 30 days before its end,
 *     what lives 3 days after 2, and what lives a year still 30 days before its end
 * @param keyAgeMax after which time a key is due, or null for never
 * @param messagesMax after how many messages a key is due, as {@link CertificateUse} counts them,
 *     or null for any number
 * @param bytesMax after how many bytes a key is due, as {@link CertificateUse} counts them, or null
 *     for any number
 * @param spread over which time those who are due together are spread, at most a quarter of what is
 *     left
 * @param answer within which time of having been asked a device is expected to be done
 * @param proofMax how long after its issue a certificate may wait for its proof; then it is
 *     withdrawn and another is asked for
 * @param grace how long after the proof of the new one the old one is valid
 * @param again when a device that does not answer is asked again
 */
public record RotationRules(
    Duration beforeExpiry,
    double lifeShare,
    @Nullable Duration keyAgeMax,
    @Nullable Long messagesMax,
    @Nullable Long bytesMax,
    Duration spread,
    Duration answer,
    Duration proofMax,
    Duration grace,
    Backoff again) {
  /** How long a device is left alone after a rotation that came to nothing. */
  public static final Duration REST = Duration.ofDays(1);

  // A rest, and as long again for a place in a wave.
  private static final Duration LAST_ASK = REST.multipliedBy(2);

  // The jitter's occasions: each question spreads on its own.
  private static final int ASKING = 1;
  private static final int ASKING_AGAIN = 2;

  /**
   * 30 days before the end or at two thirds, three days of spread, a week to prove, a day after.
   */
  public static final RotationRules USUAL =
      new RotationRules(
          Duration.ofDays(30),
          2.0 / 3,
          null,
          null,
          null,
          Duration.ofDays(3),
          Duration.ofDays(7),
          Duration.ofDays(7),
          Duration.ofDays(1),
          new Backoff(Duration.ofHours(1), Duration.ofDays(1)));

  /** Refuses, with {@link IllegalArgumentException}, what is negative or out of its range. */
  public RotationRules {
    requirePositive(beforeExpiry, "the time before the end");
    requirePositive(answer, "the time to answer");
    requirePositive(proofMax, "the time to prove");
    requirePositive(grace, "the time of grace");
    if (keyAgeMax != null) {
      requirePositive(keyAgeMax, "the age of a key");
    }
    if (spread.isNegative()
        || !(lifeShare > 0 && lifeShare < 1)
        || (messagesMax != null && messagesMax <= 0)
        || (bytesMax != null && bytesMax <= 0)) {
      throw new IllegalArgumentException("a rule of rotation is out of its range");
    }
  }

  private static void requirePositive(Duration duration, String what) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(what + " must be positive");
    }
  }

  /** When a certificate is due for its end: the later of the two ways to say it. */
  public Instant dueForExpiry(CertificateLife life) {
    var byShare = life.notBefore().plusMillis((long) (life.length().toMillis() * lifeShare));
    var byEnd = life.notAfter().minus(beforeExpiry);
    return byShare.isAfter(byEnd) ? byShare : byEnd;
  }

  /** When time alone makes it due, whatever it is used for. */
  public Instant due(CertificateLife life) {
    var expiry = dueForExpiry(life);
    if (keyAgeMax == null) {
      return expiry;
    }
    var aged = life.keySince().plus(keyAgeMax);
    return aged.isBefore(expiry) ? aged : expiry;
  }

  /** Why it is due now, or nothing if it is not. What an operator demands is due without rules. */
  public Optional<RotationCause> cause(CertificateLife life, Instant now) {
    if (!now.isBefore(dueForExpiry(life))) {
      return Optional.of(RotationCause.EXPIRY);
    }
    if (keyAgeMax != null && !now.isBefore(life.keySince().plus(keyAgeMax))) {
      return Optional.of(RotationCause.KEY_AGE);
    }
    return worn(life);
  }

  /** Why it is due for what it was used for, whatever the time; or nothing if it is not. */
  public Optional<RotationCause> worn(CertificateLife life) {
    if (messagesMax != null && life.messages() >= messagesMax) {
      return Optional.of(RotationCause.MESSAGES);
    }
    if (bytesMax != null && life.bytes() >= bytesMax) {
      return Optional.of(RotationCause.BYTES);
    }
    return Optional.empty();
  }

  /** When a device that is due for time alone is asked: its own moment within the spread. */
  public Instant askAt(CertificateLife life, String device, Jitter jitter) {
    var due = due(life);
    var quarter = Duration.between(due, life.notAfter()).dividedBy(4);
    var width = quarter.compareTo(spread) < 0 ? quarter : spread;
    return due.plus(jitter.within(width, device, ASKING));
  }

  /**
   * By when a device asked now is to be done: in the time to answer, or half of what is left; but
   * to the very end where the other half would be over before it could be asked once more. Who
   * comes back in the last hours of a certificate finds that it is asked.
   */
  public Instant rotateBy(CertificateLife life, Instant asked) {
    var half = Duration.between(asked, life.notAfter()).dividedBy(2);
    if (half.isNegative()) {
      return asked;
    }
    if (half.compareTo(LAST_ASK) <= 0) {
      return life.notAfter();
    }
    return asked.plus(half.compareTo(answer) < 0 ? half : answer);
  }

  /** How long after the last of that many times of asking the device is asked again. */
  public Duration askAgainAfter(int asked, String device, Jitter jitter) {
    return again.after(asked, jitter.share(device, ASKING_AGAIN + asked));
  }

  /** When a certificate that nobody has connected with is withdrawn. */
  public Instant withdrawAt(Instant issued) {
    return issued.plus(proofMax);
  }

  /** When the old certificate ends, after the new one has been connected with. */
  public Instant retireAt(Instant proven) {
    return proven.plus(grace);
  }

  /** Bound: how long a device may have two valid certificates. */
  public Duration twoValidMax() {
    return proofMax.plus(grace);
  }
}
