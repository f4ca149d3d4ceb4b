package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.CrlPartition;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicUrl;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.RevokedCertificate;
import io.sallyport.identity.Serial;
import io.sallyport.identity.issuance.RevocationListSigner.Heading;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationListSignerTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Instant NEXT = NOW.plus(Duration.ofDays(7));

  private final Authorities authorities = Authorities.create(Serials.random(), NOW);
  private final RevocationListSigner signer = new RevocationListSigner(authorities.devices());

  @Test
  void saysEachCertificateWithTimeAndReasonAndIsSigned() throws Exception {
    var revoked = new ArrayList<RevokedCertificate>();
    for (var reason : RevocationReason.values()) {
      revoked.add(
          new RevokedCertificate(
              new Serial(BigInteger.valueOf(100 + reason.code())), NOW.minusSeconds(9), reason));
    }

    var list = read(signer.sign(new Heading(5, NOW, NEXT, List.of()), revoked));

    list.verify(authorities.devices().certificate().getPublicKey());
    assertThat(list.getVersion()).isEqualTo(2);
    assertThat(list.getThisUpdate().toInstant()).isEqualTo(NOW);
    assertThat(list.getNextUpdate().toInstant()).isEqualTo(NEXT);
    assertThat(list.getExtensionValue("2.5.29.20")).endsWith(2, 1, 5);
    assertThat(list.getExtensionValue("2.5.29.35")).isNotNull();
    assertThat(list.getCriticalExtensionOIDs()).isEmpty();
    assertThat(list.getRevokedCertificates()).hasSize(RevocationReason.values().length);
    for (var one : revoked) {
      var entry = Objects.requireNonNull(list.getRevokedCertificate(one.serial().value()));
      assertThat(entry.getRevocationDate().toInstant()).isEqualTo(one.at());
      // "unspecified" is said by leaving it out.
      assertThat(entry.hasExtensions()).isEqualTo(one.reason() != RevocationReason.UNSPECIFIED);
    }
  }

  @Test
  void aPartSaysSoInAWayThatNobodyMayOverlook() throws Exception {
    var names = List.of("http://pki.example/crl/devices-3.crl", "http://old/crl/devices-3.crl");

    var list = read(signer.sign(new Heading(1, NOW, NEXT, names), List.of()));

    assertThat(list.getCriticalExtensionOIDs()).containsExactly("2.5.29.28");
    var point = new String(list.getExtensionValue("2.5.29.28"), StandardCharsets.ISO_8859_1);
    assertThat(point).contains(names);
  }

  @Test
  void refusesToSignAListThatNobodyCouldUse() {
    assertThatThrownBy(() -> new Heading(0, NOW, NEXT, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Heading(1, NOW, NOW, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDevicesCertificateNamesItsPartAndTheResponder() {
    var url = new PublicUrl("http://pki.example:8080");
    var keys = KeyPairs.p256();
    var serial = new Serial(BigInteger.valueOf(64 + 11));
    var profile = new LeafProfile.Client(PrincipalKind.DEVICE, new PrincipalId("dev-1"));
    var day = Duration.ofDays(1);

    var plain = authorities.devices().sign(profile, keys.getPublic(), serial, NOW, day);
    var named =
        authorities.devices().publishedAt(url).sign(profile, keys.getPublic(), serial, NOW, day);

    assertThat(plain.getExtensionValue("2.5.29.31")).isNull();
    assertThat(plain.getExtensionValue("1.3.6.1.5.5.7.1.1")).isNull();
    assertThat(new String(named.getExtensionValue("2.5.29.31"), StandardCharsets.ISO_8859_1))
        .contains(url.list(1, new CrlPartition(11)));
    assertThat(
            new String(named.getExtensionValue("1.3.6.1.5.5.7.1.1"), StandardCharsets.ISO_8859_1))
        .contains("http://pki.example:8080/ocsp");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://pki.example", // whose status would have to be known first
        "ftp://pki.example",
        "http://pki.example/",
        "http://user@pki.example",
        "http://pki.example/?q",
        "http://pki.example#f",
        "http:///crl",
        "pki.example",
        "http://pki example",
        ""
      })
  void refusesUrlsThatNoCertificateShouldName(String url) {
    assertThatThrownBy(() -> new PublicUrl(url)).isInstanceOf(IllegalArgumentException.class);
  }

  private static X509CRL read(byte[] der) throws Exception {
    return (X509CRL)
        CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
  }
}
