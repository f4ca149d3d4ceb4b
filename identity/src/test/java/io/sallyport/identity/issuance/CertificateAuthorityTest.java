package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.CertificateIdentity;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Serial;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CertificateAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.987Z");
  private static final Instant NOW_SECONDS = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Authorities CA = Authorities.create(Serials.random(), NOW);
  private static final LeafProfile DEVICE =
      new LeafProfile.Client(PrincipalKind.DEVICE, new PrincipalId("dev-1"));

  @TempDir private Path directory;

  @Test
  void rootIsALongLivedP384AuthorityOfDepthOne() {
    var root = CA.root();
    assertThat(root.getSubjectX500Principal().getName()).isEqualTo("CN=Sallyport Root CA");
    assertThat(root.getSigAlgName()).isEqualTo("SHA384withECDSA");
    assertThat(bits(root)).isEqualTo(384);
    assertThat(root.getBasicConstraints()).isEqualTo(1);
    assertThat(root.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
    assertThat(root.getNotAfter().toInstant()).isEqualTo(NOW_SECONDS.plus(Duration.ofDays(7305)));
  }

  @Test
  void issuingAuthoritiesMaySignNoFurtherAuthority() {
    for (var authority : List.of(CA.devices(), CA.servers())) {
      var certificate = authority.certificate();
      assertThat(certificate.getBasicConstraints()).isZero();
      assertThat(certificate.getKeyUsage())
          .containsExactly(false, false, false, false, false, true, true, false, false);
      assertThat(certificate.getCriticalExtensionOIDs())
          .containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
      assertThat(certificate.getIssuerX500Principal().getEncoded())
          .isEqualTo(CA.root().getSubjectX500Principal().getEncoded());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientIsNothingButItsNameForNothingButClients(PrincipalKind kind) throws Exception {
    var profile = new LeafProfile.Client(kind, new PrincipalId("dev:1_a-B"));
    var leaf = sign(profile, NOW, YEAR);
    assertThat(CertificateIdentity.of(leaf))
        .isEqualTo(new CertificateIdentity.Identified(kind, profile.id()));
    assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=dev:1_a-B");
    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(leaf.getKeyUsage())
        .containsExactly(true, false, false, false, false, false, false, false, false);
    assertThat(leaf.getCriticalExtensionOIDs()).containsExactly("2.5.29.15");
    assertThat(leaf.getVersion()).isEqualTo(3);
    assertThat(leaf.getSigAlgName()).isEqualTo("SHA256withECDSA");
    leaf.verify(CA.issuerOf(profile).certificate().getPublicKey());
  }

  @Test
  void operatorsAndDevicesHaveDifferentIssuers() {
    var operator = new LeafProfile.Client(PrincipalKind.OPERATOR, new PrincipalId("eve"));
    var backend = new LeafProfile.Client(PrincipalKind.BACKEND, new PrincipalId("eve"));
    assertThat(operator.issuer()).isEqualTo(AuthorityName.SERVERS);
    assertThat(backend.issuer()).isEqualTo(AuthorityName.DEVICES);
    var key = KeyPairs.p256().getPublic();
    var serial = Serials.random().next();
    assertThatThrownBy(() -> CA.devices().sign(operator, key, serial, NOW, YEAR))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CA.servers().sign(DEVICE, key, serial, NOW, YEAR))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyTheRootMakesAuthoritiesAndNotASecondRoot() {
    var root = CertificateAuthority.createRoot(Serials.random(), NOW);
    assertThatThrownBy(() -> root.createIssuing(AuthorityName.ROOT, Serials.random(), NOW))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> CA.devices().createIssuing(AuthorityName.SERVERS, Serials.random(), NOW))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aServerHasItsNamesAndAddressesAndCannotActAsAClient() throws Exception {
    var profile =
        new LeafProfile.Server(List.of("localhost", "gate.example"), List.of("127.0.0.1", "::1"));
    var leaf = sign(profile, NOW, YEAR);
    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(leaf.getSubjectAlternativeNames())
        .extracting(name -> (Object) name.get(1))
        .containsExactly("localhost", "gate.example", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(CertificateIdentity.of(leaf)).isInstanceOf(CertificateIdentity.Refused.class);
    assertThatThrownBy(() -> new LeafProfile.Server(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LeafProfile.Server(List.of(), List.of("localhost")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLeafIsBackdatedAnHourButNotBeforeItsIssuer() {
    var early = sign(DEVICE, NOW, YEAR);
    assertThat(early.getNotBefore()).isEqualTo(CA.devices().certificate().getNotBefore());
    var later = sign(DEVICE, NOW.plus(Duration.ofDays(1)), YEAR);
    assertThat(later.getNotBefore().toInstant())
        .isEqualTo(NOW_SECONDS.plus(Duration.ofDays(1)).minus(Duration.ofHours(1)));
    assertThat(later.getNotAfter().toInstant())
        .isEqualTo(NOW_SECONDS.plus(Duration.ofDays(1)).plus(YEAR));
  }

  @Test
  void aLeafNeverOutlivesItsIssuer() {
    var leaf = sign(DEVICE, NOW, Duration.ofDays(100_000));
    assertThat(leaf.getNotAfter()).isEqualTo(CA.devices().certificate().getNotAfter());
  }

  @Test
  void anAuthorityThatIsNotValidSignsNothing() {
    var end = CA.devices().certificate().getNotAfter().toInstant();
    var start = CA.devices().certificate().getNotBefore().toInstant();
    assertThatThrownBy(() -> sign(DEVICE, end, YEAR)).isInstanceOf(IssuanceUnavailable.class);
    assertThatThrownBy(() -> sign(DEVICE, start.minusSeconds(1), YEAR))
        .isInstanceOf(IssuanceUnavailable.class);
    assertThat(sign(DEVICE, end.minusSeconds(1), YEAR).getNotAfter().toInstant()).isEqualTo(end);
    assertThatThrownBy(() -> sign(DEVICE, NOW, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theSerialIsTheCallers() {
    var serial = new Serial(BigInteger.TWO.pow(127));
    var leaf = CA.devices().sign(DEVICE, KeyPairs.p256().getPublic(), serial, NOW, YEAR);
    assertThat(Serial.of(leaf)).isEqualTo(serial);
  }

  @Test
  void randomSerialsAreLongAndNeverEqual() {
    var serials = Serials.random();
    var seen = new HashSet<Serial>();
    for (int i = 0; i < 1000; i++) {
      var serial = serials.next();
      assertThat(serial.value().bitLength()).isBetween(64, 128);
      assertThat(seen.add(serial)).isTrue();
    }
  }

  @Test
  void chainIsTheLeafAndItsIssuerWithoutTheRoot() {
    var leaf = sign(DEVICE, NOW, YEAR);
    assertThat(CA.chain(leaf, DEVICE)).containsExactly(leaf, CA.devices().certificate());
    assertThat(CA.devices()).hasToString("CertificateAuthority[devices]");
  }

  @Test
  void opensslVerifiesEveryProfileStrictly() throws Exception {
    Files.writeString(directory.resolve("root.pem"), Pem.of(CA.root()));
    Files.writeString(
        directory.resolve("issuing.pem"),
        Pem.of(List.of(CA.devices().certificate(), CA.servers().certificate())));
    verify(new LeafProfile.Client(PrincipalKind.DEVICE, new PrincipalId("dev-1")), "sslclient", 0);
    verify(new LeafProfile.Client(PrincipalKind.DEVICE, new PrincipalId("dev-1")), "sslserver", 2);
    verify(new LeafProfile.Client(PrincipalKind.OPERATOR, new PrincipalId("o")), "sslclient", 0);
    var server = new LeafProfile.Server(List.of("localhost"), List.of());
    verify(server, "sslserver", 0);
    verify(server, "sslclient", 2);
  }

  private void verify(LeafProfile profile, String purpose, int exit) throws Exception {
    Files.writeString(directory.resolve("leaf.pem"), Pem.of(sign(profile, NOW, YEAR)));
    var answer =
        Openssl.run(
            directory,
            "verify",
            "-x509_strict",
            "-attime",
            Long.toString(NOW.getEpochSecond()),
            "-purpose",
            purpose,
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
            "leaf.pem");
    assertThat(answer.exit()).as(answer.text()).isEqualTo(exit);
  }

  private static X509Certificate sign(LeafProfile profile, Instant now, Duration lifetime) {
    var key = KeyPairs.p256().getPublic();
    return CA.issuerOf(profile).sign(profile, key, Serials.random().next(), now, lifetime);
  }

  private static int bits(X509Certificate certificate) {
    return ((ECPublicKey) certificate.getPublicKey()).getParams().getOrder().bitLength();
  }
}
