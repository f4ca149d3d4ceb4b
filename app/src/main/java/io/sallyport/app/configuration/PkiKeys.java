package io.sallyport.app.configuration;

import io.sallyport.control.publication.PublicationSettings;
import io.sallyport.identity.PublicUrl;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keys of the publication of revocations: lists, status answers, and where they are served. */
public final class PkiKeys {
  private static final Pattern ADDRESS =
      Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])?:([0-9]{1,5})");
  private static final int PORT_MAX = 65_535;

  public static final Key<Optional<PublicUrl>> PUBLIC_URL =
      new Key<>(
          "pki.public-url",
          "URL, http://",
          Optional.empty(),
          "",
          "Where relying parties reach the lists and the status answers; goes into devices'"
              + " certificates, for their whole life. Without it they name neither.",
          false,
          false,
          texts -> given(texts).map(PublicUrl::new));
  public static final Key<Optional<InetSocketAddress>> HTTP_LISTEN =
      new Key<>(
          "pki.http-listen",
          "address:port",
          Optional.empty(),
          "",
          "Where lists and status answers, and nothing else, are served over plain HTTP, such as"
              + " `0.0.0.0:8080`; they are signed. Without it only the operators' port serves"
              + " them.",
          false,
          false,
          texts -> given(texts).map(PkiKeys::address));
  public static final Key<Duration> CRL_LIFETIME =
      Key.time(
          "pki.crl-lifetime",
          "1m",
          "30d",
          "7d",
          "From a revocation list's making to its end; it is made anew at half of that at latest.");
  public static final Key<Duration> CRL_DELAY =
      Key.time(
          "pki.crl-delay",
          "1s",
          "1h",
          "5s",
          "How often the registry is looked at for certificates that no list has yet.");
  public static final Key<Duration> OCSP_LIFETIME =
      Key.time(
          "pki.ocsp-lifetime",
          "1m",
          "3d",
          "1h",
          "How long a status answer may be believed; whoever can replay it does so for no longer.");

  public static final Key<Integer> ROLLOVER_THRESHOLD =
      Key.number(
          "pki.rollover-threshold",
          1,
          100,
          100,
          "How many of a hundred devices must be ready before `ca rollover retire` ends the old"
              + " CA.");

  static final List<Key<?>> ALL =
      List.of(PUBLIC_URL, HTTP_LISTEN, CRL_LIFETIME, CRL_DELAY, OCSP_LIFETIME, ROLLOVER_THRESHOLD);

  private PkiKeys() {}

  private static Optional<String> given(List<String> texts) {
    return Optional.of(texts.getFirst()).filter(text -> !text.isEmpty());
  }

  private static InetSocketAddress address(String text) {
    var parts = ADDRESS.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > PORT_MAX) {
      throw new IllegalArgumentException("'" + text + "' is not an address such as 0.0.0.0:8080");
    }
    var host = parts.group(1) == null ? "0.0.0.0" : parts.group(1);
    return InetSocketAddress.createUnresolved(host, Integer.parseInt(parts.group(2)));
  }

  /** What the keys say to the publication. */
  public static PublicationSettings settings(Configuration configuration) {
    return new PublicationSettings(
        url(configuration),
        configuration.get(CRL_LIFETIME),
        configuration.get(CRL_DELAY),
        configuration.get(OCSP_LIFETIME));
  }

  /** The URL that certificates name; null when they name none. */
  public static @Nullable PublicUrl url(Configuration configuration) {
    return configuration.get(PUBLIC_URL).orElse(null);
  }

  /** Where it is served over plain HTTP; null for nowhere. */
  public static @Nullable InetSocketAddress listen(Configuration configuration) {
    return configuration.get(HTTP_LISTEN).orElse(null);
  }
}
