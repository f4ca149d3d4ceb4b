package io.sallyport.app.node;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.Key;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** The PEM files that keys of the configuration name; a doubt names file, line and key. */
final class PemFiles {
  // Bound: a chain of four certificates and a key have less than a tenth of it.
  private static final int BYTES_MAX = 256 * 1024;

  private final Configuration configuration;

  PemFiles(Configuration configuration) {
    this.configuration = configuration;
  }

  List<X509Certificate> certificates(Key<String> key) {
    try {
      return Pem.certificates(new String(bytes(key), StandardCharsets.UTF_8));
    } catch (MalformedPem e) {
      throw refused(key, "is not a PEM file of certificates: " + e.getMessage());
    }
  }

  /** Takes them only if none has expired or is of the future. */
  void requireValid(Key<String> key, List<X509Certificate> certificates, Instant now) {
    for (var certificate : certificates) {
      var name = certificate.getSubjectX500Principal().getName();
      if (now.isAfter(certificate.getNotAfter().toInstant())) {
        throw refused(key, "'" + name + "' expired at " + certificate.getNotAfter().toInstant());
      }
      if (now.isBefore(certificate.getNotBefore().toInstant())) {
        throw refused(
            key, "'" + name + "' is not valid before " + certificate.getNotBefore().toInstant());
      }
    }
  }

  byte[] bytes(Key<String> key) {
    try (var stream = Files.newInputStream(Path.of(configuration.get(key)))) {
      var bytes = stream.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw refused(key, "is larger than " + BYTES_MAX + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw refused(key, "cannot be read");
    }
  }

  Failure refused(Key<String> key, String why) {
    return Failure.badInput(configuration.place(key) + ": " + configuration.get(key) + ": " + why);
  }
}
