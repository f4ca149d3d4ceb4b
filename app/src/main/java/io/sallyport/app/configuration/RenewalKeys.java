package io.sallyport.app.configuration;

import io.sallyport.control.enrolment.authority.ExpiredRenewalSettings.Mode;
import java.time.Duration;
import java.util.List;

/** Keys of the renewal of certificates that have expired. */
public final class RenewalKeys {
  public static final Key<Mode> EXPIRED =
      Key.choice(
          "renewal.expired",
          Mode.class,
          Mode.APPROVE,
          "What becomes of a device whose certificate has expired and which asks for its successor"
              + " by EST: it gets it (`allow`), waits until an operator approves it (`approve`), or"
              + " is refused in the handshake (`refuse`).");
  public static final Key<Duration> EXPIRED_MAX =
      Key.time(
          "renewal.expired-max",
          "0s",
          "365d",
          "30d",
          "How long ago it may have expired; 0s is `refuse`.");
  public static final Key<Integer> EXPIRED_PER_MINUTE =
      Key.number(
          "renewal.expired-per-minute",
          1,
          10_000,
          60,
          "How many such certificates are renewed in a minute, by all gateways together; one device"
              + " has three a day.");

  static final List<Key<?>> ALL = List.of(EXPIRED, EXPIRED_MAX, EXPIRED_PER_MINUTE);

  private RenewalKeys() {}
}
