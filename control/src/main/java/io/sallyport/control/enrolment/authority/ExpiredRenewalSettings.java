package io.sallyport.control.enrolment.authority;

import java.time.Duration;

/**
 * Whether and how a device's certificate that has expired may be renewed.
 *
 * @param mode who decides
 * @param expiredMax how long ago it may have expired; zero for not at all
 * @param perMinuteMax how many are renewed in a minute, by all gateways together
 * @param approval how long what an operator decides is kept, and how much of it
 */
public record ExpiredRenewalSettings(
    Mode mode, Duration expiredMax, int perMinuteMax, ApprovalSettings approval) {
  /** Bound: renewals of one device in a day. */
  public static final int OF_DEVICE_PER_DAY_MAX = 3;

  /** Bound: keys of one device that wait for an operator. */
  public static final int WAITING_OF_DEVICE_MAX = 3;

  /** Who decides. */
  public enum Mode {
    /** It is renewed at once. */
    ALLOW,
    /** An operator is asked for each. */
    APPROVE,
    /** None is renewed. */
    REFUSE
  }

  /** How long ago one may have expired that comes to the desk at all. */
  public Duration doorMax() {
    return mode == Mode.REFUSE ? Duration.ZERO : expiredMax;
  }
}
