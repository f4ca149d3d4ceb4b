package io.sallyport.app.node;

import static io.sallyport.app.configuration.OperationKeys.DEVICE_CA_FILE;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.gateway.tls.DeviceAnchors;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bundle of further CAs that devices' certificates may lead to. It widens no rights: only a
 * certificate that the registry holds opens the gate.
 */
final class DeviceAuthorityFile {
  // Bound: each may be tried at a handshake of an unknown certificate.
  private static final int CERTIFICATES_MAX = 16;

  private final PemFiles files;

  private DeviceAuthorityFile(PemFiles files) {
    this.files = files;
  }

  /** The file that the configuration names, if it names one. */
  static Optional<DeviceAuthorityFile> of(Configuration configuration) {
    return configuration.get(DEVICE_CA_FILE).isEmpty()
        ? Optional.empty()
        : Optional.of(new DeviceAuthorityFile(new PemFiles(configuration)));
  }

  /** Ours and those of the file, if all of it is beyond doubt now. */
  DeviceAnchors besides(DeviceAnchors own, Instant now) {
    var all = files.certificates(DEVICE_CA_FILE);
    if (all.size() > CERTIFICATES_MAX) {
      throw files.refused(DEVICE_CA_FILE, "holds more than " + CERTIFICATES_MAX + " certificates");
    }
    files.requireValid(DEVICE_CA_FILE, all, now);
    var issuers = new ArrayList<>(own.issuers());
    var roots = new ArrayList<>(own.roots());
    all.forEach(certificate -> (isRoot(certificate) ? roots : issuers).add(certificate));
    if (issuers.size() == own.issuers().size()) {
      throw files.refused(DEVICE_CA_FILE, "holds no issuing CA, only roots");
    }
    try {
      return new DeviceAnchors(distinct(issuers), distinct(roots), own.retired());
    } catch (IllegalArgumentException e) {
      throw files.refused(DEVICE_CA_FILE, String.valueOf(e.getMessage()));
    }
  }

  private static List<X509Certificate> distinct(List<X509Certificate> all) {
    return all.stream().distinct().toList();
  }

  private static boolean isRoot(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }
}
