package io.sallyport.cli.command;

import io.sallyport.policy.mosquitto.Finding;
import io.sallyport.policy.mosquitto.MosquittoConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When a Mosquitto will refuse everybody, because its revocation list has grown too old. */
final class RevocationLists {
  // Bound: a list is read whole, and some have many entries.
  private static final long BYTES_MAX = 64L << 20;

  private RevocationLists() {}

  /** What is to be said of the lists that a configuration names. */
  static List<Finding> findings(MosquittoConf conf) {
    var findings = new ArrayList<Finding>();
    conf.revocationLists().forEach((line, file) -> findings.add(finding(line, file)));
    return findings;
  }

  private static Finding finding(int line, String file) {
    var due = due(file);
    if (due == null) {
      return new Finding(
          Finding.Severity.WARNING,
          Finding.Source.CONF,
          line,
          "revocation-list-unread",
          "the crlfile cannot be read here, or is none: " + file,
          "look when its next update is due: from then on Mosquitto refuses everybody");
    }
    return new Finding(
        Finding.Severity.WARNING,
        Finding.Source.CONF,
        line,
        "revocation-list-due",
        "Mosquitto refuses everybody from the next update of its crlfile on: " + due,
        "renew it before; live sessions of revoked certificates stay, until they are cut");
  }

  private static @Nullable String due(String file) {
    try {
      var path = Path.of(file);
      if (Files.size(path) > BYTES_MAX) {
        return null;
      }
      try (var in = Files.newInputStream(path)) {
        var list = CertificateFactory.getInstance("X.509").generateCRL(in);
        var next = list instanceof X509CRL x509 ? x509.getNextUpdate() : null;
        return next == null ? null : next.toInstant().toString();
      }
    } catch (IOException | GeneralSecurityException | InvalidPathException e) {
      return null;
    }
  }
}
