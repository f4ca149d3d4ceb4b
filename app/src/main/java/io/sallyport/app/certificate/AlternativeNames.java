package io.sallyport.app.certificate;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which names a certificate is for (RFC 9525): its subject alternative names, nothing else. */
final class AlternativeNames {
  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  private final List<String> dnsNames = new ArrayList<>();
  private final List<InetAddress> addresses = new ArrayList<>();

  AlternativeNames(X509Certificate certificate) throws CertificateParsingException {
    var names = certificate.getSubjectAlternativeNames();
    if (names == null) {
      return;
    }
    for (var name : names) {
      var text = String.valueOf(name.get(1));
      switch ((Integer) name.getFirst()) {
        case DNS -> dnsNames.add(text.toLowerCase(Locale.ROOT));
        case ADDRESS -> addresses.add(InetAddress.ofLiteral(text));
        default -> {}
      }
    }
  }

  /** The first of these that the certificate is not for. */
  Optional<String> missing(List<String> wanted) {
    return wanted.stream().filter(name -> !holds(name)).findFirst();
  }

  private boolean holds(String name) {
    try {
      return addresses.contains(InetAddress.ofLiteral(name));
    } catch (IllegalArgumentException _) {
      var lower = name.toLowerCase(Locale.ROOT);
      // RFC 9525, 6.3: a wildcard stands for exactly the first label.
      var dot = lower.indexOf('.');
      var wildcard = dot < 0 ? lower : "*" + lower.substring(dot);
      return dnsNames.contains(lower) || dnsNames.contains(wildcard);
    }
  }
}
