package io.sallyport.app.installation;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.Control;
import io.sallyport.control.ControlConfiguration;
import io.sallyport.control.operators.OperatorAnswer;
import io.sallyport.control.registry.CertificateRecord;
import io.sallyport.identity.CertificateIdentity;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.DeviceKeys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The operator of this very machine: whoever may write the data directory already has it all. */
public final class LocalOperator {
  private static final Duration RENEWED_BEFORE = Duration.ofDays(30);

  private final Path folder;
  private final InstantSource clock;
  private final Configuration configuration;

  public LocalOperator(DataDirectory directory, InstantSource clock, Configuration configuration) {
    this.folder = directory.operator();
    this.clock = clock;
    this.configuration = configuration;
  }

  /** Makes key and certificate if they are missing or end soon. */
  public void provide(Control control, Authorities authorities) throws IOException {
    if (isGood(authorities)) {
      renewAnchors(folder, authorities);
      return;
    }
    if (!Files.exists(folder)) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    var name = name(control);
    try (var keys = DeviceKeys.generate(PrincipalKind.OPERATOR, name)) {
      var certificate = certified(control.certifyLocalOperator(name, keys.requestPem()));
      var key = keys.privateKeyPem();
      try {
        DataDirectory.replace(folder.resolve("operator.key"), key);
      } finally {
        Arrays.fill(key, (byte) 0);
      }
      write("ca.crt", authorities.anchors());
      // Last: the pair is taken for good only once this is there.
      write("operator.crt", certificate.pem() + Pem.of(authorities.servers().certificate()));
    }
  }

  /** The operator trusts the roots that are trusted now. */
  static void renewAnchors(DataDirectory directory, Authorities authorities) {
    try {
      renewAnchors(directory.operator(), authorities);
    } catch (IOException e) {
      throw Failure.unavailable(directory.operator() + " cannot be written", e);
    }
  }

  private static void renewAnchors(Path folder, Authorities authorities) throws IOException {
    var file = folder.resolve("ca.crt");
    var anchors = authorities.anchors();
    if (Files.exists(file) && !Files.readString(file).equals(anchors)) {
      DataDirectory.replace(file, anchors.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /**
   * The first machine's is the first operator. Another one that shares the registry has its own:
   * the certificates of the first must not be revoked by making it one.
   */
  private PrincipalId name(Control control) {
    var first = ControlConfiguration.FIRST_OPERATOR;
    if (!control.isShared() || !control.knowsOperator(first)) {
      return first;
    }
    var before = present();
    return before == null
        ? new PrincipalId(first.value() + "-" + GatewayName.of(configuration))
        : before;
  }

  /** Whose certificate is there, whether or not it is good; null if there is none. */
  private @Nullable PrincipalId present() {
    try {
      var file = folder.resolve("operator.crt");
      return Files.exists(file)
              && CertificateIdentity.of(certificate(file))
                  instanceof CertificateIdentity.Identified(var kind, var id)
              && kind == PrincipalKind.OPERATOR
          ? id
          : null;
    } catch (IOException | java.security.GeneralSecurityException _) {
      return null;
    }
  }

  private static X509Certificate certificate(Path file)
      throws IOException, java.security.GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
  }

  private static CertificateRecord certified(OperatorAnswer answer) {
    return switch (answer) {
      case OperatorAnswer.Certified(_, var certificate) -> certificate;
      case OperatorAnswer.Revoked(_) ->
          throw new IllegalStateException("a certificate was asked for, not its revocation");
      case OperatorAnswer.Refused(_, _, var detail) ->
          throw Failure.unavailable("the local operator cannot be certified: " + detail);
    };
  }

  private boolean isGood(Authorities authorities) {
    try {
      var file = folder.resolve("operator.crt");
      if (!Files.exists(file) || !Files.exists(folder.resolve("operator.key"))) {
        return false;
      }
      var certificate = certificate(file);
      certificate.verify(authorities.servers().certificate().getPublicKey());
      Instant end = certificate.getNotAfter().toInstant();
      return clock.instant().plus(RENEWED_BEFORE).isBefore(end);
    } catch (IOException | java.security.GeneralSecurityException _) {
      // Whatever is wrong with it, a new one is made.
      return false;
    }
  }

  private void write(String file, String text) throws IOException {
    DataDirectory.replace(folder.resolve(file), text.getBytes(StandardCharsets.US_ASCII));
  }
}
