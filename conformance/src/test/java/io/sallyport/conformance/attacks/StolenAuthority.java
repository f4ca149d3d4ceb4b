package io.sallyport.conformance.attacks;

import io.sallyport.app.installation.Passphrases;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityRefused;
import io.sallyport.identity.issuance.CertificateAuthority;
import io.sallyport.testkit.TestIdentity;
import io.sallyport.testkit.TestLeaf;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;

/**
 * An installation in the hands of somebody who read its whole data directory: he signs what he
 * likes with the devices CA and writes it into the registry. What the gate refuses even then, it
 * refuses for the one thing that is wrong.
 */
final class StolenAuthority {
  private final Path data;
  private final X509Certificate root;
  private final X509Certificate issuer;
  private final PrivateKey key;

  private StolenAuthority(Path data, X509Certificate root, X509Certificate issuer, PrivateKey key) {
    this.data = data;
    this.root = root;
    this.issuer = issuer;
    this.key = key;
  }

  static StolenAuthority of(Path data) {
    try (var passphrase = Passphrases.read(data.resolve("unseal.key"))) {
      var authorities = new AuthorityFiles(data.resolve("ca")).load(passphrase);
      // The product has no way to sign with it what is no certificate of ours: that is the point.
      var field = CertificateAuthority.class.getDeclaredField("key");
      field.setAccessible(true);
      var devices = authorities.devices();
      return new StolenAuthority(
          data, authorities.root(), devices.certificate(), (PrivateKey) field.get(devices));
    } catch (AuthorityRefused | ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** A good certificate of a device, in which something can be made wrong. */
  TestLeaf device(String id) {
    return TestLeaf.below(root, issuer, key, Instant.now())
        .commonName(id)
        .uri("urn:sallyport:device:" + id);
  }

  /** Makes it the active certificate of an enrolled device; known when the product starts again. */
  void register(String id, TestIdentity identity) throws SQLException {
    var certificate = identity.certificate();
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("sallyport.db"));
        var update =
            connection.prepareStatement(
                "update certificate set serial = ?, fingerprint = ?, not_before = ?,"
                    + " not_after = ?, pem = ? where principal = ? and status = 'active'")) {
      update.setString(1, certificate.getSerialNumber().toString(16));
      update.setString(2, identity.fingerprint().hex());
      update.setLong(3, certificate.getNotBefore().toInstant().toEpochMilli());
      update.setLong(4, certificate.getNotAfter().toInstant().toEpochMilli());
      update.setString(5, io.sallyport.identity.Pem.of(certificate));
      update.setString(6, id);
      if (update.executeUpdate() != 1) {
        throw new AssertionError("there is no active certificate of " + id);
      }
    }
  }
}
