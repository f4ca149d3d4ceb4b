package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.CertificateIdentity;
import io.sallyport.identity.OcspStatus;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Serial;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.junit.jupiter.api.Test;

class OcspResponderTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Serial GOOD = new Serial(BigInteger.valueOf(7));
  private static final Serial REVOKED = new Serial(BigInteger.valueOf(8));
  private static final Map<Serial, OcspStatus> STATUSES =
      Map.of(
          GOOD,
          new OcspStatus.Good(),
          REVOKED,
          new OcspStatus.Revoked(NOW.minusSeconds(60), RevocationReason.KEY_COMPROMISE));

  private final Authorities authorities = Authorities.create(Serials.random(), NOW);
  private final OcspResponder responder =
      new OcspResponder(authorities.devices(), Serials.random());

  @Test
  void answersEachWithItsStatusAndEchoesTheNonce() throws Exception {
    var issuer = authorities.devices().certificate();
    var other = authorities.servers().certificate();
    var question =
        new StatusQuestion()
            .about(issuer, GOOD.value())
            .about(issuer, REVOKED.value())
            .sha256()
            .about(issuer, BigInteger.valueOf(9))
            .about(other, GOOD.value())
            .about(issuer, BigInteger.ONE.negate())
            .nonce(32)
            .der();

    var answer = answer(question);

    var responses = answer.getResponses();
    assertThat(responses[0].getCertStatus()).isEqualTo(CertificateStatus.GOOD);
    assertThat(responses[1].getCertStatus())
        .isInstanceOfSatisfying(
            RevokedStatus.class,
            revoked -> {
              assertThat(revoked.getRevocationReason()).isEqualTo(1);
              assertThat(revoked.getRevocationTime().toInstant()).isEqualTo(NOW.minusSeconds(60));
            });
    for (int unknown = 2; unknown < 5; unknown++) {
      assertThat(responses[unknown].getCertStatus()).isInstanceOf(UnknownStatus.class);
    }
    assertThat(responses[0].getThisUpdate().toInstant()).isEqualTo(NOW);
    assertThat(responses[0].getNextUpdate().toInstant()).isEqualTo(NOW.plusSeconds(3600));
    assertThat(answer.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce)).isNotNull();
  }

  @Test
  void isNotConcernedByAnotherAuthority() throws Exception {
    var root = new StatusQuestion().about(authorities.root(), GOOD.value()).der();

    assertThat(responder.concerns(OcspRequest.parse(root))).isFalse();
  }

  @Test
  void signsWithACertificateThatIsForNothingElse() throws Exception {
    var certificate = responder.certificate(NOW);

    certificate.verify(authorities.devices().certificate().getPublicKey());
    assertThat(certificate.getExtendedKeyUsage()).isEqualTo(List.of("1.3.6.1.5.5.7.3.9"));
    assertThat(certificate.getExtensionValue("1.3.6.1.5.5.7.48.1.5")).isNotNull();
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(Duration.between(NOW, certificate.getNotAfter().toInstant()))
        .isEqualTo(OcspResponder.LIFETIME);
  }

  /** It is signed by the authority that the gate trusts; it opens the gate to nobody. */
  @Test
  void itsCertificateIsNobodysIdentity() {
    assertThat(CertificateIdentity.of(responder.certificate(NOW)))
        .isNotInstanceOf(CertificateIdentity.Identified.class);
  }

  @Test
  void hasAnotherCertificateAfterHalfOfItsLife() throws Exception {
    var first = responder.certificate(NOW);
    var half = NOW.plus(OcspResponder.LIFETIME.dividedBy(2));

    assertThat(responder.certificate(half.minusSeconds(1))).isEqualTo(first);
    assertThat(responder.certificate(half)).isNotEqualTo(first);
    assertThat(responder.certificate(half).getPublicKey()).isNotEqualTo(first.getPublicKey());
  }

  @Test
  void noAnswerOutlivesItsSigner() throws Exception {
    var question = new StatusQuestion().about(authorities.devices().certificate(), GOOD.value());
    var der =
        responder.answer(
            OcspRequest.parse(question.der()), this::status, NOW, NOW.plus(Duration.ofDays(30)));

    assertThat(basic(der).getResponses()[0].getNextUpdate())
        .isEqualTo(responder.certificate(NOW).getNotAfter());
  }

  private OcspStatus status(Serial serial) {
    return STATUSES.getOrDefault(serial, new OcspStatus.Unknown());
  }

  private BasicOCSPResp answer(byte[] question) throws Exception {
    var request = OcspRequest.parse(question);
    assertThat(responder.concerns(request)).isTrue();
    var answer = basic(responder.answer(request, this::status, NOW, NOW.plusSeconds(3600)));
    var verifier =
        new JcaContentVerifierProviderBuilder().build(responder.certificate(NOW).getPublicKey());
    assertThat(answer.isSignatureValid(verifier)).isTrue();
    return answer;
  }

  private static BasicOCSPResp basic(byte[] der) throws Exception {
    var response = new OCSPResp(der);
    assertThat(response.getStatus()).isZero();
    return (BasicOCSPResp) response.getResponseObject();
  }
}
