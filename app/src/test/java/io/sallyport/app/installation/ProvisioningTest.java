package io.sallyport.app.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.ProvisioningKeys;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.provisioning.HookSettings;
import io.sallyport.identity.Pem;
import io.sallyport.testkit.TestCa;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the configuration of fleet provisioning may say. */
class ProvisioningTest {
  private static final byte[] SECRET = "s3cret".repeat(6).getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path folder;

  private Path secretFile(byte[] secret, String mode) {
    try {
      var file = Files.write(folder.resolve("hook.key"), secret);
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Configuration good() {
    return Configuration.defaults()
        .with(ProvisioningKeys.HOOK_URL, "https://mes.example/provision")
        .with(ProvisioningKeys.HOOK_SECRET_FILE, secretFile(SECRET, "rw-------").toString());
  }

  private static HookSettings hook(Configuration configuration) {
    return Objects.requireNonNull(Provisioning.settings(configuration).hook());
  }

  private static void refused(Configuration configuration, String... why) {
    assertThatThrownBy(() -> Provisioning.settings(configuration))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.BAD_INPUT))
        .hasMessageContainingAll(why)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void nobodyIsAskedUnlessItIsConfigured() {
    var settings = Provisioning.settings(Configuration.defaults());

    assertThat(settings.hook()).isNull();
    assertThat(settings.tokenLifetime()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void theHookIsWhereTheFileSays() throws Exception {
    var root = TestCa.create(Instant.now()).root();
    var ca = Files.writeString(folder.resolve("ca.crt"), Pem.of(root));

    var settings =
        hook(
            good()
                .with(ProvisioningKeys.HOOK_CA_FILE, ca.toString())
                .with(ProvisioningKeys.HOOK_TIMEOUT, Duration.ofSeconds(3)));

    assertThat(settings.url()).isEqualTo(URI.create("https://mes.example/provision"));
    assertThat(settings.secret()).isEqualTo(SECRET);
    assertThat(settings.anchors()).containsExactly(root);
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(hook(good()).anchors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://mes.example/",
        "https://who:s3cret@mes.example/",
        "https://mes.example/#s3cret",
        "https://s3cret@",
        "https://mes.example/a b s3cret",
        "mes.example"
      })
  void aPlaceThatMustNotBeAskedIsRefusedAndNoPasswordShown(String url) {
    refused(good().with(ProvisioningKeys.HOOK_URL, url), "provisioning.hook-url");
  }

  @Test
  void theKeyOfTheSignaturesIsThereLongEnoughAndNobodyElses() {
    refused(
        good().with(ProvisioningKeys.HOOK_SECRET_FILE, ""),
        "provisioning.hook-secret-file",
        "openssl rand");
    refused(
        good().with(ProvisioningKeys.HOOK_SECRET_FILE, folder.resolve("none").toString()),
        "hook-secret-file",
        "no such file");
    refused(good().with(ProvisioningKeys.HOOK_SECRET_FILE, folder.toString()), "no such file");
    var with = good();
    secretFile(SECRET, "rw-r-----");
    refused(with, "chmod 600");
    secretFile(new byte[HookSettings.SECRET_MIN - 1], "rw-------");
    refused(with, "32 to 512 bytes");
    secretFile(new byte[HookSettings.SECRET_MAX + 1], "rw-------");
    refused(with, "32 to 512 bytes");
    secretFile(new byte[HookSettings.SECRET_MAX], "rw-------");
    assertThat(hook(with).secret()).hasSize(HookSettings.SECRET_MAX);
  }

  /** Never the authorities of the JDK instead. */
  @Test
  void anAuthorityThatCannotBeReadIsRefused() throws IOException {
    var file = folder.resolve("ca.crt");
    var with = good().with(ProvisioningKeys.HOOK_CA_FILE, file.toString());

    refused(with, "hook-ca-file", "cannot be read");
    Files.writeString(file, "");
    refused(with, "hook-ca-file", "not a PEM file");
    Files.writeString(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    refused(with, "hook-ca-file", "not a PEM file");
  }
}
