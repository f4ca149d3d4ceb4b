package io.sallyport.app.node;

import io.sallyport.app.certificate.ServerChain;
import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.OperationKeys;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A certificate that the user brings, taken only if devices could use it: every doubt is one
 * sentence with the file, its line and the key of the configuration.
 */
final class CertificateFiles {
  private static final byte[] PROOF = "sallyport".getBytes(StandardCharsets.US_ASCII);

  private final Configuration configuration;
  private final PemFiles files;

  private CertificateFiles(Configuration configuration) {
    this.configuration = configuration;
    this.files = new PemFiles(configuration);
  }

  /** The files that the configuration names; none if it names none. */
  static Optional<CertificateFiles> of(Configuration configuration) {
    var certificate = configuration.get(OperationKeys.CERTIFICATE_FILE);
    var key = configuration.get(OperationKeys.KEY_FILE);
    if (certificate.isEmpty() != key.isEmpty()) {
      var given = key.isEmpty() ? OperationKeys.CERTIFICATE_FILE : OperationKeys.KEY_FILE;
      var missing = key.isEmpty() ? OperationKeys.KEY_FILE : OperationKeys.CERTIFICATE_FILE;
      throw Failure.badInput(configuration.place(given) + " needs " + missing.path() + " too");
    }
    return key.isEmpty() ? Optional.empty() : Optional.of(new CertificateFiles(configuration));
  }

  /** The paths, for whoever watches them. */
  static List<Path> paths(Configuration configuration) {
    return Stream.of(
            OperationKeys.CERTIFICATE_FILE, OperationKeys.KEY_FILE, OperationKeys.DEVICE_CA_FILE)
        .map(configuration::get)
        .filter(path -> !path.isEmpty())
        .map(Path::of)
        .toList();
  }

  /** Certificate and key, if both are beyond doubt now. */
  Shown read(ServerNames names, Instant now) {
    var chain = files.certificates(OperationKeys.CERTIFICATE_FILE);
    files.requireValid(OperationKeys.CERTIFICATE_FILE, chain, now);
    var objection = ServerChain.objection(chain, names.configured());
    if (objection.isPresent()) {
      throw files.refused(OperationKeys.CERTIFICATE_FILE, objection.get());
    }
    var key = key(chain.getFirst().getPublicKey());
    return new Shown(key, chain);
  }

  private PrivateKey key(PublicKey belonging) {
    requireSecret();
    var pem = files.bytes(OperationKeys.KEY_FILE);
    var der = new byte[0];
    try {
      der = Pem.decode(new String(pem, StandardCharsets.US_ASCII), "PRIVATE KEY");
      var key =
          KeyFactory.getInstance(belonging.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(der));
      if (!belongs(key, belonging)) {
        throw files.refused(OperationKeys.KEY_FILE, "is not the key of the certificate");
      }
      return key;
    } catch (MalformedPem e) {
      throw files.refused(
          OperationKeys.KEY_FILE,
          "is not a PKCS #8 key without a password (openssl pkcs8 -topk8 -nocrypt makes one): "
              + e.getMessage());
    } catch (GeneralSecurityException e) {
      throw files.refused(
          OperationKeys.KEY_FILE,
          "is not the key of the certificate: not " + belonging.getAlgorithm());
    } finally {
      Arrays.fill(pem, (byte) 0);
      Arrays.fill(der, (byte) 0);
    }
  }

  private static boolean belongs(PrivateKey key, PublicKey to) throws GeneralSecurityException {
    var algorithm = to.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    var signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(PROOF);
    var signature = signing.sign();
    var checking = Signature.getInstance(algorithm);
    checking.initVerify(to);
    checking.update(PROOF);
    return checking.verify(signature);
  }

  private void requireSecret() {
    var file = Path.of(configuration.get(OperationKeys.KEY_FILE));
    try {
      DataDirectory.refuseOpenToOthers(file, "chmod 600 " + file);
    } catch (Failure e) {
      throw Failure.badInput(configuration.place(OperationKeys.KEY_FILE) + ": " + e.getMessage());
    } catch (IOException e) {
      throw files.refused(OperationKeys.KEY_FILE, "cannot be read");
    }
  }
}
