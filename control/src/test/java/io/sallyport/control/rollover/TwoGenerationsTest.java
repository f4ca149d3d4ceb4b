package io.sallyport.control.rollover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.publication.Publication;
import io.sallyport.control.publication.PublicationSettings;
import io.sallyport.control.rollover.Rollover.Learnt;
import io.sallyport.control.store.RegistryCopy;
import io.sallyport.identity.OcspStatus;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityName;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.OcspAnswer;
import io.sallyport.identity.issuance.OcspAnswerRefused;
import io.sallyport.identity.issuance.OcspRequest;
import io.sallyport.identity.issuance.Serials;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Revocation under two devices CAs, each of which vouches for its own and for nothing else. */
class TwoGenerationsTest {
  @TempDir private Path directory;

  private static Publication publication(Site site) {
    return new Publication(
        site.database,
        site.authorities,
        Serials.random(),
        PublicationSettings.DEFAULTS,
        site.clock);
  }

  private static X509CRL list(Publication from, String name) throws Exception {
    var answer = from.list(name + ".crl", null);
    assertThat(answer.status()).isEqualTo(200);
    return (X509CRL)
        CertificateFactory.getInstance("X.509")
            .generateCRL(new ByteArrayInputStream(answer.body()));
  }

  private static X509Certificate issuer(Site site, int generation) {
    return site.authorities.line().devices().get(generation - 1).authority().certificate();
  }

  private static OcspStatus status(
      Site site, Publication from, X509Certificate certificate, X509Certificate issuer)
      throws OcspAnswerRefused {
    var answer = from.posted(OcspRequest.about(certificate, issuer).encoded()).body();
    return OcspAnswer.read(answer, certificate, issuer, site.clock.instant()).status();
  }

  private static void revoke(Site site, String id) {
    site.control
        .revoker()
        .revoke(
            PrincipalKind.DEVICE, new PrincipalId(id), RevocationReason.KEY_COMPROMISE, "alice");
  }

  /** RFC 5280, 3.3 and RFC 6960, 4.2.2.2: until what the old one signed expired. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theOldOneGoesOnVouchingForItsOwnAfterItsEnd(TestDatabase kind) throws Exception {
    try (var site = new Site(kind, directory)) {
      var kept = site.enrol("kept");
      var gone = site.enrol("gone");
      site.beginDevices();
      site.activate();
      var moved = site.enrol("moved");
      var lost = site.enrol("lost");
      site.rollover.retire(100, "the key was stolen", "bob");
      site.follow();
      // Revoked after the end: whoever trusts the old one elsewhere must hear of it all the same.
      revoke(site, "gone");
      revoke(site, "lost");

      try (var now = publication(site)) {
        var first = list(now, "devices");
        var second = list(now, "devices-g2");
        first.verify(issuer(site, 1).getPublicKey());
        second.verify(issuer(site, 2).getPublicKey());
        assertThatThrownBy(() -> first.verify(issuer(site, 2).getPublicKey()))
            .isInstanceOf(SignatureException.class);
        assertThat(first.getIssuerX500Principal())
            .isEqualTo(issuer(site, 1).getSubjectX500Principal());
        assertThat(first.isRevoked(gone)).isTrue();
        assertThat(first.getRevokedCertificates()).hasSize(1);
        assertThat(second.isRevoked(lost)).isTrue();
        assertThat(second.getRevokedCertificates()).hasSize(1);

        assertThat(status(site, now, kept, issuer(site, 1))).isInstanceOf(OcspStatus.Good.class);
        assertThat(status(site, now, gone, issuer(site, 1))).isInstanceOf(OcspStatus.Revoked.class);
        assertThat(status(site, now, moved, issuer(site, 2))).isInstanceOf(OcspStatus.Good.class);
        assertThat(status(site, now, lost, issuer(site, 2))).isInstanceOf(OcspStatus.Revoked.class);
        // Nobody vouches for what another one signed.
        assertThat(status(site, now, kept, issuer(site, 2))).isInstanceOf(OcspStatus.Unknown.class);
        assertThat(status(site, now, moved, issuer(site, 1)))
            .isInstanceOf(OcspStatus.Unknown.class);
      }
      site.clock.advance(Duration.ofDays(400));
      try (var later = publication(site)) {
        assertThat(list(later, "devices").getRevokedCertificates()).isNull();
      }
    }
  }

  /** A process that could not open the key when it saw the CA first signs once it can. */
  @Test
  void listsAndAnswersComeWithTheKey() throws Exception {
    try (var site = new Site(TestDatabase.SQLITE, directory)) {
      site.beginDevices();
      site.activate();
      var device = site.enrol("dev-1");
      var whole = site.authorities.line();
      var ca = site.first();
      site.authorities.take(AuthorityFiles.lineOfKeysInHand(ca, site.rollover.stored(), ca));
      try (var now = publication(site)) {
        assertThatThrownBy(() -> now.list("devices-g2.crl", null))
            .isInstanceOf(IssuanceUnavailable.class);
        assertThatThrownBy(() -> status(site, now, device, issuer(site, 2)))
            .isInstanceOf(OcspAnswerRefused.class);
        list(now, "devices").verify(issuer(site, 1).getPublicKey());

        site.authorities.take(whole);
        list(now, "devices-g2").verify(issuer(site, 2).getPublicKey());
        assertThat(status(site, now, device, issuer(site, 2))).isInstanceOf(OcspStatus.Good.class);
      }
    }
  }

  /** In the middle of it the registry moves to PostgreSQL, and it goes on there. */
  @Test
  void aRolloverGoesOnInACopyOfTheRegistry() throws Exception {
    try (var site = new Site(TestDatabase.SQLITE, directory);
        var copy = TestDatabase.POSTGRESQL.fresh()) {
      var old = site.enrol("dev-1");
      site.beginDevices();
      site.activate();
      site.renew("dev-1", old);
      site.enrol("dev-2");
      site.learnt("dev-2", Learnt.CACERTS);

      assertThat(RegistryCopy.copy(site.database, copy)).isEqualTo(RegistryCopy.Outcome.COPIED);
      var there = new Rollover(copy, site.clock);
      assertThat(there.stored()).isEqualTo(site.rollover.stored());
      assertThat(there.progress()).isEqualTo(site.rollover.progress());
      assertThat(there.retire(100, null, "bob").name()).isEqualTo(AuthorityName.DEVICES);
      site.authorities.take(AuthorityFiles.line(site.first(), there.stored(), site.keys));
      assertThat(site.authorities.devices().generation()).isEqualTo(2);
    }
  }
}
