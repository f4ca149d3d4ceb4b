package io.sallyport.gateway.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a device's certificate must lead to. Only the issuing CAs named here may have signed it; one
 * that the client brings along, or another CA below the same root, is not enough.
 *
 * @param issuers the device issuing CAs, several while one is replaced
 * @param roots the roots that the issuing CAs lead to
 */
public record DeviceAnchors(List<X509Certificate> issuers, List<X509Certificate> roots) {
  public DeviceAnchors {
    issuers = List.copyOf(issuers);
    roots = List.copyOf(roots);
    if (issuers.isEmpty() || roots.isEmpty()) {
      throw new IllegalArgumentException("an issuing CA and a root are needed");
    }
  }
}
