package io.sallyport.cli.factory;

import io.sallyport.cli.enrolment.Applicant;
import io.sallyport.identity.issuance.DeviceKeys;
import java.security.PublicKey;
import java.util.Arrays;

/** A key that was made for a device, and the request for its certificate. Closing wipes it. */
final class MadeKey implements AutoCloseable {
  private final Applicant applicant;
  private final byte[] privateKey;
  private final String request;
  private final PublicKey publicKey;

  /** A key, PKCS#8 in PEM, which becomes ours to wipe. */
  MadeKey(Applicant applicant, byte[] privateKey, String request, PublicKey publicKey) {
    this.applicant = applicant;
    this.privateKey = privateKey;
    this.request = request;
    this.publicKey = publicKey;
  }

  static MadeKey make(Applicant applicant) {
    try (var keys = DeviceKeys.generate(applicant.kind(), applicant.id())) {
      return new MadeKey(applicant, keys.privateKeyPem(), keys.requestPem(), keys.publicKey());
    }
  }

  Applicant applicant() {
    return applicant;
  }

  String id() {
    return applicant.id().value();
  }

  /** The very bytes. */
  byte[] privateKey() {
    return privateKey;
  }

  String request() {
    return request;
  }

  PublicKey publicKey() {
    return publicKey;
  }

  @Override
  public void close() {
    Arrays.fill(privateKey, (byte) 0);
  }

  @Override
  public String toString() {
    return "MadeKey[" + id() + "]";
  }
}
