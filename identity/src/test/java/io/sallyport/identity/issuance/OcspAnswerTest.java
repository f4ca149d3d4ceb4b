package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.OcspStatus;
import io.sallyport.identity.PublicUrl;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Serial;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.junit.jupiter.api.Test;

/** Whom a server believes about its own certificate. */
class OcspAnswerTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private final Authorities ours = Authorities.create(Serials.random(), NOW);
  private final Authorities others = Authorities.create(Serials.random(), NOW);
  private final X509Certificate issuer = ours.servers().certificate();
  private final X509Certificate leaf = leaf(ours);

  private static X509Certificate leaf(Authorities of) {
    return of.servers()
        .sign(
            new LeafProfile.Server(List.of("gate.example.org"), List.of()),
            of.serverKeys().publicKey(),
            Serials.random().next(),
            NOW,
            Duration.ofDays(30));
  }

  private byte[] answer(CertificateAuthority by, X509Certificate about, OcspStatus status) {
    return new OcspResponder(by, Serials.random())
        .answer(OcspRequest.about(about, by.certificate()), _ -> status, NOW, NOW.plus(HOUR));
  }

  @Test
  void saysWhatTheResponderSaid() throws Exception {
    var good = answer(ours.servers(), leaf, new OcspStatus.Good());
    var revoked = new OcspStatus.Revoked(NOW.minusSeconds(60), RevocationReason.KEY_COMPROMISE);
    var unexplained = new OcspStatus.Revoked(NOW.minusSeconds(9), RevocationReason.UNSPECIFIED);

    assertThat(OcspAnswer.read(good, leaf, issuer, NOW))
        .isEqualTo(new OcspAnswer(new OcspStatus.Good(), NOW, NOW.plus(HOUR)));
    for (var status : List.of(revoked, unexplained, new OcspStatus.Unknown())) {
      var der = answer(ours.servers(), leaf, status);
      assertThat(OcspAnswer.read(der, leaf, issuer, NOW).status()).isEqualTo(status);
    }
  }

  @Test
  void believesNobodyButTheIssuerAndWhomItNamed() throws Exception {
    var byOther = answer(others.servers(), leaf, new OcspStatus.Good());
    var ofAnother = answer(ours.servers(), leaf(ours), new OcspStatus.Good());
    var byDevices = answer(ours.devices(), leaf, new OcspStatus.Good());

    refused(byOther, "nobody signed it");
    refused(byDevices, "nobody signed it");
    refused(ofAnother, "another certificate");
    // The issuer itself may answer, without a certificate.
    assertThat(OcspAnswer.read(signed(ours.servers(), ours.servers().key()), leaf, issuer, NOW))
        .isNotNull();
    refused(signed(ours.servers(), others.servers().key()), "nobody signed it");
    // A leaf of the same issuer that is no responder.
    refused(signed(ours.servers(), ours.serverKeys().privateKey(), leaf), "nobody signed it");
    // A responder of the issuer's, whose key signed something else.
    var responder = new OcspResponder(ours.servers(), Serials.random()).certificate(NOW);
    refused(signed(ours.servers(), others.servers().key(), responder), "signature is wrong");
  }

  private byte[] signed(
      CertificateAuthority about, java.security.PrivateKey key, X509Certificate... shown)
      throws Exception {
    var builder = new BasicOCSPRespBuilder(new RespID(new X500Name("CN=who")));
    builder.addResponse(
        new CertificateID(IssuerHashes.of(about.certificate()).idOf(leaf.getSerialNumber())),
        CertificateStatus.GOOD,
        java.util.Date.from(NOW),
        java.util.Date.from(NOW.plus(HOUR)),
        (Extensions) null);
    var holders = new X509CertificateHolder[shown.length];
    for (int i = 0; i < shown.length; i++) {
      holders[i] = new X509CertificateHolder(shown[i].getEncoded());
    }
    var basic =
        builder.build(CertificateSigner.contentSigner(key), holders, java.util.Date.from(NOW));
    return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, basic).getEncoded();
  }

  @Test
  void refusesWhatIsOverOrOfTheFuture() {
    var good = answer(ours.servers(), leaf, new OcspStatus.Good());

    assertThatThrownBy(() -> OcspAnswer.read(good, leaf, issuer, NOW.plus(HOUR)))
        .isInstanceOf(OcspAnswerRefused.class)
        .hasMessageContaining("ended");
    assertThatThrownBy(() -> OcspAnswer.read(good, leaf, issuer, NOW.minus(HOUR)))
        .isInstanceOf(OcspAnswerRefused.class);
  }

  @Test
  void refusesWhatIsNoAnswer() {
    refused(new byte[0], "bytes");
    refused(new byte[OcspAnswer.BYTES_MAX + 1], "bytes");
    refused(OcspResponder.refusal(OcspResponder.Refusal.TRY_LATER), "error 3");
    refused(new byte[] {0x30, 0x03, 1, 2, 3}, "understood");
    var good = answer(ours.servers(), leaf, new OcspStatus.Good());
    refused(Arrays.copyOf(good, good.length - 1), "understood");
    refused(Arrays.copyOf(good, good.length + 1), "understood");
  }

  @Test
  void noChangedByteIsBelieved() {
    var good = answer(ours.servers(), leaf, new OcspStatus.Good());
    for (int at = 0; at < good.length; at += 3) {
      var changed = good.clone();
      changed[at] ^= 0x04;
      try {
        // What is signed apart, such as the other parts of the responder's certificate, may vary.
        assertThat(OcspAnswer.read(changed, leaf, issuer, NOW).status())
            .isEqualTo(new OcspStatus.Good());
      } catch (OcspAnswerRefused e) {
        assertThat(e).hasMessageNotContaining("null pointer");
      }
    }
  }

  private void refused(byte[] der, String why) {
    assertThatThrownBy(() -> OcspAnswer.read(der, leaf, issuer, NOW))
        .isInstanceOf(OcspAnswerRefused.class)
        .hasMessageContaining(why);
  }

  @Test
  void asksAsOthersReadIt() throws Exception {
    var request = OcspRequest.about(leaf, issuer);

    assertThat(OcspRequest.parse(request.encoded()).repeatable()).isEqualTo(request.repeatable());
    assertThat(new OcspResponder(ours.servers(), Serials.random()).serials(request))
        .containsExactly(new Serial(leaf.getSerialNumber()));
    assertThat(OcspRequest.responderOf(leaf)).isEmpty();
    assertThat(leaf.getSerialNumber()).isGreaterThan(BigInteger.ZERO);
  }

  @Test
  void findsTheResponderThatACertificateNames() {
    var published =
        ours.devices()
            .publishedAt(new PublicUrl("http://pki.example.org"))
            .sign(
                new LeafProfile.Client(
                    io.sallyport.identity.PrincipalKind.DEVICE,
                    new io.sallyport.identity.PrincipalId("pump-1")),
                KeyPairs.p256().getPublic(),
                Serials.random().next(),
                NOW,
                Duration.ofDays(1));

    assertThat(OcspRequest.responderOf(published))
        .hasValueSatisfying(uri -> assertThat(uri).hasHost("pki.example.org").hasPath("/ocsp"));
  }

  @Test
  void asksForTheNamesOfTheServerByItsKey() throws Exception {
    var der = ours.serverKeys().request(List.of("gate.example.org", "www.example.org"));

    var request = new org.bouncycastle.pkcs.PKCS10CertificationRequest(der);
    assertThat(request.getSubjectPublicKeyInfo().getEncoded())
        .isEqualTo(ours.serverKeys().publicKey().getEncoded());
    assertThat(request.getSubject().getRDNs()).isEmpty();
    assertThat(request.getRequestedExtensions().toString()).isNotEmpty();
  }
}
