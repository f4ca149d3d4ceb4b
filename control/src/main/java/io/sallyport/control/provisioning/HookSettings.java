package io.sallyport.control.provisioning;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where the pre-provisioning hook is, and how it is asked.
 *
 * @param url {@code https}, or {@code http} at an address of this very machine
 * @param secret the key of the signatures over what it is sent
 * @param anchors the authorities that its certificate must lead to; those of the JDK if there are
 *     none
 * @param timeout until its whole answer must be here
 */
@SuppressWarnings("ArrayRecordComponent") // A key, compared with nothing.
public record HookSettings(
    URI url, byte[] secret, List<X509Certificate> anchors, Duration timeout) {
  /** Bound: bytes of the key, at least and at most. */
  public static final int SECRET_MIN = 32;

  /** See {@link #SECRET_MIN}. */
  public static final int SECRET_MAX = 512;

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

  /** Refuses, with {@link IllegalArgumentException}, what must not be asked or signed with. */
  public HookSettings {
    anchors = List.copyOf(anchors);
    secret = secret.clone();
    var scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    var host = url.getHost();
    if (host == null || url.getUserInfo() != null || url.getFragment() != null) {
      throw new IllegalArgumentException("a URL with a host, without user and fragment");
    }
    if (!scheme.equals("https") && !(scheme.equals("http") && LOOPBACK.contains(host))) {
      throw new IllegalArgumentException(
          "an https:// URL; http:// only at 127.0.0.1, [::1] or localhost");
    }
    if (secret.length < SECRET_MIN || secret.length > SECRET_MAX) {
      throw new IllegalArgumentException(
          "the secret has " + SECRET_MIN + " to " + SECRET_MAX + " bytes");
    }
  }

  @Override
  public byte[] secret() {
    return secret.clone();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "HookSettings[" + url.getHost() + "]";
  }
}
