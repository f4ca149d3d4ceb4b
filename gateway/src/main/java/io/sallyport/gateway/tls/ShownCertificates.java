package io.sallyport.gateway.tls;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What clients are shown.
 *
 * @param everybody what is shown to whoever calls us by no name, or by any other
 * @param named what is shown to whoever calls us by one of the names; null for nothing
 * @param names the names, without a wildcard
 */
public record ShownCertificates(
    ServerCredentials everybody, @Nullable ServerCredentials named, Set<String> names) {
  public ShownCertificates {
    names = names.stream().map(n -> n.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  /** The same for every name. */
  public static ShownCertificates only(ServerCredentials credentials) {
    return new ShownCertificates(credentials, null, Set.of());
  }

  boolean isNamed(@Nullable String serverName) {
    return serverName != null && names.contains(serverName.toLowerCase(Locale.ROOT));
  }
}
