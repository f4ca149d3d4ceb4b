package io.sallyport.identity.rotation;

import io.sallyport.identity.Fingerprint;

/**
 * What connections carried under the protection of one certificate's key.
 *
 * @param certificate the one that the device showed
 * @param messages PUBLISH packets in both directions, those that were refused among them
 * @param bytes of MQTT in both directions: what TLS protected, without what TLS adds
 */
public record CertificateUse(Fingerprint certificate, long messages, long bytes) {
  /** Refuses, with {@link IllegalArgumentException}, what is negative. */
  public CertificateUse {
    if (messages < 0 || bytes < 0) {
      throw new IllegalArgumentException("nothing is carried less than not at all");
    }
  }

  /** Both together; they are of the same certificate. */
  public CertificateUse plus(CertificateUse other) {
    if (!certificate.equals(other.certificate)) {
      throw new IllegalArgumentException("uses of two certificates");
    }
    return new CertificateUse(certificate, messages + other.messages, bytes + other.bytes);
  }
}
