package io.sallyport.gateway.connection;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.rotation.CertificateUse;

/**
 * What one connection has carried since that was last told; used by the connection's loop only, so
 * that a message costs two additions.
 */
final class Carried {
  private long messages;
  private long bytes;

  /** A PUBLISH came or went. */
  void message() {
    messages++;
  }

  /** So many bytes of MQTT came or went. */
  void bytes(long more) {
    bytes += more;
  }

  /** Tells it, and begins anew: nothing is told twice. */
  void tell(CertificateUses uses, Fingerprint certificate) {
    if (bytes > 0) {
      uses.add(new CertificateUse(certificate, messages, bytes));
      messages = 0;
      bytes = 0;
    }
  }
}
