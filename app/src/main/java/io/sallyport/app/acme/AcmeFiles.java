package io.sallyport.app.acme;

import io.sallyport.app.installation.DataDirectory;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.KeyPairs;
import io.sallyport.identity.issuance.Seal;
import io.sallyport.identity.issuance.SealBroken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The directory {@code acme/}: the account's key, sealed; the certificate that is shown; and how
 * often it failed. Each file is for its owner alone, and whole or not there.
 */
public final class AcmeFiles {
  // Bound: a chain has a few KiB.
  private static final int BYTES_MAX = 256 * 1024;
  private static final String ACCOUNT = "account";

  private final Path directory;

  /** The directory, which need not exist yet. */
  public AcmeFiles(Path directory) {
    this.directory = directory;
  }

  /** The chain that was put there last; none if there is none, or none that can be read. */
  public Optional<List<X509Certificate>> certificate() {
    try {
      return read("certificate.pem").isEmpty()
          ? Optional.empty()
          : Optional.of(Pem.certificates(read("certificate.pem")));
    } catch (MalformedPem e) {
      return Optional.empty();
    }
  }

  void certificate(List<X509Certificate> chain) {
    replace("certificate.pem", chain.stream().map(Pem::of).collect(Collectors.joining()));
  }

  void forgetCertificate() {
    try {
      Files.deleteIfExists(directory.resolve("certificate.pem"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The account's key; one is made where there is none. */
  KeyPair account(Seal seal) {
    var sealed = read("account.key");
    return sealed.isEmpty() ? newAccount(seal) : opened(seal, sealed);
  }

  private KeyPair newAccount(Seal seal) {
    var keys = KeyPairs.p256();
    var encoder = Base64.getEncoder();
    var secret = keys.getPrivate().getEncoded();
    var text =
        (encoder.encodeToString(keys.getPublic().getEncoded())
                + " "
                + encoder.encodeToString(secret))
            .getBytes(StandardCharsets.US_ASCII);
    try {
      replace("account.key", seal.seal(ACCOUNT, text));
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
    return keys;
  }

  private KeyPair opened(Seal seal, String sealed) {
    var file = directory.resolve("account.key");
    try {
      var text = seal.open(ACCOUNT, sealed);
      try {
        var parts = new String(text, StandardCharsets.US_ASCII).split(" ", -1);
        var factory = KeyFactory.getInstance("EC");
        var decoder = Base64.getDecoder();
        return new KeyPair(
            factory.generatePublic(new X509EncodedKeySpec(decoder.decode(parts[0]))),
            factory.generatePrivate(new PKCS8EncodedKeySpec(decoder.decode(parts[1]))));
      } finally {
        Arrays.fill(text, (byte) 0);
      }
    } catch (SealBroken | GeneralSecurityException | RuntimeException e) {
      throw Failure.badInput(
          file + ": " + e.getMessage() + "; delete it, and an account is opened anew");
    }
  }

  /** How it went so far; a file that cannot be read is as good as none. */
  Attempts attempts() {
    var lines = read("attempts").lines().toList();
    try {
      return lines.size() < 2
          ? Attempts.NONE
          : new Attempts(
              Math.max(0, Integer.parseInt(lines.getFirst())),
              Instant.parse(lines.get(1)),
              lines.size() < 3 ? "" : lines.get(2));
    } catch (NumberFormatException | DateTimeParseException e) {
      return Attempts.NONE;
    }
  }

  void attempts(Attempts attempts) {
    replace(
        "attempts", attempts.failed() + "\n" + attempts.notBefore() + "\n" + attempts.why() + "\n");
  }

  /**
   * Failures since the last certificate, so that a restart does not ask without pause.
   *
   * @param failed how many
   * @param notBefore before when the next attempt is not made
   * @param why of the last one, in one line
   */
  record Attempts(int failed, Instant notBefore, String why) {
    static final Attempts NONE = new Attempts(0, Instant.EPOCH, "");
  }

  private String read(String file) {
    var path = directory.resolve(file);
    if (!Files.isRegularFile(path)) {
      return "";
    }
    try (var stream = Files.newInputStream(path)) {
      return new String(stream.readNBytes(BYTES_MAX), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw Failure.unavailable(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void replace(String file, String content) {
    try {
      if (!Files.exists(directory)) {
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      DataDirectory.replace(directory.resolve(file), content.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw Failure.unavailable(directory.resolve(file) + " cannot be written: " + e, e);
    }
  }
}
