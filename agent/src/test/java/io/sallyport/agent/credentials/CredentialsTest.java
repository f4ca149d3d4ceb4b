package io.sallyport.agent.credentials;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.bundle.Identity;
import io.sallyport.agent.bundle.Pins;
import io.sallyport.agent.bundle.Server;
import io.sallyport.agent.state.StateDirectory;
import io.sallyport.agent.state.StateUnavailable;
import io.sallyport.agent.state.Sync;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.rotation.device.CertificateCheck;
import io.sallyport.identity.rotation.device.DeviceRotation;
import io.sallyport.testkit.TestCa;
import io.sallyport.testkit.TestIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that the device made, and certificates that came for them. */
@SuppressWarnings("NullAway.Init")
class CredentialsTest {
  @SuppressWarnings("TimeInStaticInitializer") // Certificates of one run.
  private static final TestCa CA = TestCa.create(Instant.now());

  @TempDir private Path folder;
  private StateDirectory state;
  private Credentials credentials;

  @BeforeEach
  void open() throws Exception {
    state = StateDirectory.open(folder, Sync.PROCESS);
    var device = CA.device("d-1");
    var key = new String(Pem.encode("PRIVATE KEY", device.privateKey().getEncoded()), US_ASCII);
    credentials =
        new Credentials(
            new Bundle(
                new Server("localhost", 1),
                CA.root(),
                new Pins(List.of()),
                Identity.of(Pem.of(device.chain()), key)),
            state);
  }

  @AfterEach
  void close() {
    state.close();
  }

  private KeyPair made(long generation) throws Exception {
    var pem = new String(state.read("device-" + generation + ".key").orElseThrow(), US_ASCII);
    var request = credentials.requestFor(generation).orElseThrow();
    return new KeyPair(
        CertificateRequest.parse(
                Pem.decode(request, "CERTIFICATE REQUEST"),
                PrincipalKind.DEVICE,
                new PrincipalId("d-1"))
            .publicKey(),
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Pem.decode(pem, "PRIVATE KEY"))));
  }

  private static TestIdentity issued(String id, KeyPair keys) {
    return CA.draft()
        .commonName(id)
        .uri(PrincipalKind.DEVICE.uri(new PrincipalId(id)))
        .forClients()
        .keys(keys)
        .sign();
  }

  @Test
  void aCertificateForTheNewKeyIsKept() throws Exception {
    credentials.makeKey(1);
    var issued = issued("d-1", made(1));

    assertThat(credentials.install(1, Pem.of(issued.certificate())))
        .isEqualTo(CertificateCheck.GOOD);
    assertThat(credentials.identity(1).chain().getFirst()).isEqualTo(issued.certificate());
    assertThat(credentials.identity(1).chain()).contains(CA.devices());
    assertThat(credentials.identity(0).chain().getFirst()).isNotEqualTo(issued.certificate());
  }

  @Test
  void whatIsNotForThisDeviceAndThisKeyIsRefused() throws Exception {
    credentials.makeKey(1);
    var keys = made(1);

    assertThat(credentials.install(1, "no certificate")).isEqualTo(CertificateCheck.UNUSABLE);
    assertThat(credentials.install(1, Pem.of(CA.server().certificate())))
        .isIn(CertificateCheck.UNUSABLE, CertificateCheck.OTHER_NAME);
    assertThat(credentials.install(1, Pem.of(issued("d-2", keys).certificate())))
        .isEqualTo(CertificateCheck.OTHER_NAME);
    assertThat(credentials.install(1, Pem.of(CA.device("d-1").certificate())))
        .isEqualTo(CertificateCheck.OTHER_KEY);
    assertThat(credentials.install(1, Pem.of(CA.fromOtherCa("d-1").chain())))
        .isEqualTo(CertificateCheck.UNTRUSTED_ISSUER);
    assertThat(credentials.install(7, Pem.of(issued("d-1", keys).certificate())))
        .isEqualTo(CertificateCheck.OTHER_KEY);
    assertThatThrownBy(() -> credentials.identity(1)).isInstanceOf(StateUnavailable.class);
  }

  @Test
  void aKeyThatIsMadeAgainTakesThePlaceOfTheFirst() throws Exception {
    credentials.makeKey(1);
    credentials.install(1, Pem.of(issued("d-1", made(1)).certificate()));
    var first = credentials.requestFor(1);
    credentials.makeKey(1);
    assertThat(credentials.requestFor(1)).isPresent().isNotEqualTo(first);
    assertThatThrownBy(() -> credentials.identity(1)).isInstanceOf(StateUnavailable.class);
  }

  @Test
  void onlyWhatIsStillNeededIsKept() {
    for (long i = 1; i <= 4; i++) {
      credentials.makeKey(i);
    }
    credentials.keepOnly(Set.of(0L, 4L));
    for (long i = 1; i <= 3; i++) {
      assertThat(credentials.requestFor(i)).isEmpty();
    }
    assertThat(credentials.requestFor(4)).isPresent();
    credentials.keepOnly(Set.of());
  }

  @Test
  void whatIsRememberedOfRotationIsThereOrTold() throws Exception {
    assertThat(credentials.rotation()).isEqualTo(DeviceRotation.enrolled());
    credentials.remember(DeviceRotation.enrolled());
    assertThat(credentials.rotation()).isEqualTo(DeviceRotation.enrolled());
    Files.writeString(folder.resolve("rotation.json"), "torn");
    assertThatThrownBy(() -> credentials.rotation())
        .isInstanceOf(StateUnavailable.class)
        .hasMessageContaining("rotation.json");
  }
}
