package io.sallyport.cli.enrolment;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/** A device's private key that somebody brings. Closing wipes it. */
final class KeyFile implements AutoCloseable {
  private static final byte[] PROOF = "sallyport".getBytes(StandardCharsets.US_ASCII);
  // Bound: a key on P-256 has about 240 bytes.
  private static final int BYTES_MAX = 16 * 1024;

  private final byte[] der;
  private final PrivateKey key;

  private KeyFile(byte[] der, PrivateKey key) {
    this.der = der;
    this.key = key;
  }

  static KeyFile read(Path file) {
    var pem = bytes(file);
    try {
      var der = Pem.decode(new String(pem, StandardCharsets.US_ASCII), "PRIVATE KEY");
      return new KeyFile(
          der, KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)));
    } catch (MalformedPem | GeneralSecurityException e) {
      throw Failure.badInput(
          file
              + ": not a private EC key, PKCS#8 in PEM without a password (openssl pkcs8 -topk8"
              + " -nocrypt makes one)");
    } finally {
      Arrays.fill(pem, (byte) 0);
    }
  }

  private static byte[] bytes(Path file) {
    try (var stream = Files.newInputStream(file)) {
      return stream.readNBytes(BYTES_MAX);
    } catch (IOException e) {
      throw Failure.badInput("the key cannot be read: " + file);
    }
  }

  /** Whether a signature of it is one of that public key. */
  boolean isOf(PublicKey other) {
    try {
      var signing = Signature.getInstance("SHA256withECDSA");
      signing.initSign(key);
      signing.update(PROOF);
      var checking = Signature.getInstance("SHA256withECDSA");
      checking.initVerify(other);
      checking.update(PROOF);
      return checking.verify(signing.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The key as bundles hold it, for the caller to wipe. */
  byte[] pem() {
    return Pem.encode("PRIVATE KEY", der);
  }

  @Override
  public void close() {
    Arrays.fill(der, (byte) 0);
  }

  @Override
  public String toString() {
    return "KeyFile[hidden]";
  }
}
