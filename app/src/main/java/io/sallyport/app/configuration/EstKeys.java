package io.sallyport.app.configuration;

import java.time.Duration;
import java.util.List;

/** Keys of the door where devices ask for their certificates themselves. */
public final class EstKeys {
  public static final Key<Boolean> ENABLED =
      Key.flag(
          "est.enabled",
          false,
          "Devices may ask for certificates themselves, by EST (RFC 7030), on a port of its own.");
  public static final Key<String> HOST =
      Key.text("est.host", "address", "0.0.0.0", "Address that it listens on.");
  public static final Key<Integer> PORT =
      Key.number("est.port", 0, 65_535, 8444, "HTTPS for EST; 0 picks a free port.");
  public static final Key<Boolean> APPROVAL =
      Key.flag(
          "est.approval",
          false,
          "A device that shows nothing may ask and wait until an operator approves it; otherwise it"
              + " needs a one-time token.");
  public static final Key<Integer> APPLICATIONS_MAX =
      Key.number(
          "est.applications-max",
          10,
          100_000,
          1_000,
          "Most devices that wait for an operator, decided ones too; one source has a tenth of"
              + " them.");
  public static final Key<Duration> APPLICATION_EXPIRY =
      Key.time(
          "est.application-expiry",
          "1m",
          "30d",
          "7d",
          "How long a device waits for an operator before it is forgotten.");
  public static final Key<Duration> RETRY_AFTER =
      Key.time(
          "est.retry-after", "1s", "1d", "1m", "When a device that waits is told to ask again.");

  public static final Key<Boolean> MANUFACTURERS =
      Key.flag(
          "est.manufacturers",
          false,
          "A device may show a certificate of a registered manufacturer (IEEE 802.1AR) instead of a"
              + " token; otherwise a certificate of another authority ends the handshake.");
  public static final Key<Boolean> NAMES_ENCODING =
      Key.flag(
          "est.names-encoding",
          false,
          "Answers say `Content-Transfer-Encoding: base64` to everybody, not only to clients that"
              + " say it; RFC 8951 has dropped it, but Bouncy Castle reads `cacerts` only with"
              + " it.");

  static final List<Key<?>> ALL =
      List.of(
          ENABLED,
          HOST,
          PORT,
          APPROVAL,
          APPLICATIONS_MAX,
          APPLICATION_EXPIRY,
          RETRY_AFTER,
          MANUFACTURERS,
          NAMES_ENCODING);

  private EstKeys() {}
}
