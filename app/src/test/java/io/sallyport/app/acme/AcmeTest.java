package io.sallyport.app.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.app.configuration.AcmeKeys;
import io.sallyport.app.configuration.AcmeKeys.Challenge;
import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.ServerKeys;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.Pem;
import io.sallyport.testkit.TestCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the configuration of the public certificate may say. */
class AcmeTest {
  @TempDir private Path folder;

  private Configuration good() {
    return Configuration.defaults()
        .with(AcmeKeys.DIRECTORY, "https://acme.example.org/directory")
        .with(AcmeKeys.DOMAINS, List.of("Gate.example.org"))
        .with(AcmeKeys.TERMS_AGREED, true)
        .with(AcmeKeys.CHALLENGE, Challenge.TLS_ALPN_01);
  }

  private void refused(Configuration configuration, String why) {
    assertThatThrownBy(() -> Acme.of(configuration, new DataDirectory(folder)))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(why);
  }

  @Test
  void nothingIsAskedOfAnybodyUnlessItIsConfigured() {
    assertThat(Acme.of(Configuration.defaults(), new DataDirectory(folder))).isNull();
    assertThat(Acme.of(good(), new DataDirectory(folder))).isNotNull();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatCannotWorkIsRefusedWithItsKey() {
    refused(good().with(AcmeKeys.DIRECTORY, "http://acme.example.org/"), "acme.directory");
    refused(good().with(AcmeKeys.DIRECTORY, "https://me:pw@acme.example.org/"), "https://");
    refused(good().with(AcmeKeys.DIRECTORY, "https://%"), "acme.directory");
    refused(good().with(AcmeKeys.DOMAINS, List.of()), "1 to 25 names");
    refused(good().with(AcmeKeys.DOMAINS, List.of("localhost")), "not a DNS name");
    refused(good().with(AcmeKeys.DOMAINS, List.of("*.example.org")), "not a DNS name");
    refused(good().with(AcmeKeys.DOMAINS, List.of("a.example.org", "A.example.org")), "twice");
    refused(
        good().with(ServerKeys.NAMES, List.of("GATE.example.org")), "give the public another name");
    refused(good().with(AcmeKeys.TERMS_AGREED, false), "acme.terms-agreed");
    refused(good().with(AcmeKeys.CONTACT, "anna"), "not a mail address");
    refused(good().with(AcmeKeys.CHALLENGE, Challenge.HTTP_01), "needs pki.http-listen");
  }

  @Test
  void aKeyOfAnAccountThatOthersCanReadIsRefused() throws IOException {
    var file = Files.writeString(folder.resolve("eab"), "c2VjcmV0c2VjcmV0c2VjcmV0\n");
    var both =
        good().with(AcmeKeys.ACCOUNT_ID, "kid").with(AcmeKeys.ACCOUNT_KEY_FILE, file.toString());

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    refused(both, "chmod 600");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(Acme.of(both, new DataDirectory(folder))).isNotNull();
    refused(both.with(AcmeKeys.ACCOUNT_ID, ""), "acme.external-account-id");
    refused(both.with(AcmeKeys.ACCOUNT_KEY_FILE, ""), "acme.external-account-key-file");
    refused(
        both.with(AcmeKeys.ACCOUNT_KEY_FILE, folder.resolve("none").toString()), "cannot be read");
    Files.writeString(file, "s3cret!!");
    assertThatThrownBy(() -> Acme.of(both, new DataDirectory(folder)))
        .hasMessageContaining("base64url")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void theDirectoryIsVerifiedByWhatTheFileSays() throws IOException {
    var file = folder.resolve("ca.crt");
    var with = good().with(AcmeKeys.CA_FILE, file.toString());

    refused(with, "cannot be read");
    Files.writeString(file, "nothing");
    refused(with, "not a PEM file");
    Files.writeString(file, Pem.of(TestCa.create(Instant.now()).root()));
    assertThat(Acme.of(with, new DataDirectory(folder))).isNotNull();
  }
}
