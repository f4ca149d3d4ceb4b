package io.sallyport.control.publication;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.publication.StatusAnswers.Outcome;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Serial;
import io.sallyport.identity.issuance.Serials;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusAnswersTest {
  private static final int NO_NONCE = 0;

  /** A signed "good" is still valid for an hour when its certificate is revoked. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aKeptAnswerEndsWithTheRevocationAndNotWithItsLife(TestDatabase kind) throws Exception {
    try (var office = new Office(kind)) {
      var answers = answers(office);
      var serial = office.certified.active(PrincipalKind.DEVICE, office.clock.instant());
      var question = question(office, serial, NO_NONCE);
      var first = answers.answer(question).der();
      assertThat(answers.answer(question).der()).isEqualTo(first);
      assertThat(single(first).getCertStatus()).isNull();
      assertThat(answers.signed()).isOne();

      office.certified.revoke(serial, RevocationReason.KEY_COMPROMISE, office.clock.instant());

      var after = single(answers.answer(question).der());
      assertThat(after.getCertStatus())
          .isInstanceOfSatisfying(
              RevokedStatus.class,
              revoked -> assertThat(revoked.getRevocationReason()).isEqualTo(1));
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aKeptAnswerIsMadeAnewLongBeforeItsEnd(TestDatabase kind) throws Exception {
    try (var office = new Office(kind)) {
      var answers = answers(office);
      var serial = office.certified.active(PrincipalKind.DEVICE, office.clock.instant());
      var question = question(office, serial, NO_NONCE);
      var first = answers.answer(question).der();

      office.clock.advance(Duration.ofMinutes(29));
      assertThat(answers.answer(question).der()).isEqualTo(first);
      office.clock.advance(Duration.ofMinutes(2));

      var second = single(answers.answer(question).der());
      assertThat(second.getNextUpdate()).isAfter(single(first).getNextUpdate());
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void anAnswerWithANonceIsForOneAskerAlone(TestDatabase kind) throws Exception {
    try (var office = new Office(kind)) {
      var answers = answers(office);
      var serial = office.certified.active(PrincipalKind.DEVICE, office.clock.instant());
      var question = question(office, serial, 32);

      var first = answers.answer(question);
      var second = answers.answer(question);

      assertThat(first.until()).isNull();
      assertThat(first.der()).isNotEqualTo(second.der());
      assertThat(answers.kept()).isZero();
      assertThat(basic(first.der()).getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce))
          .isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void tellsWhatIsExpiredGivenUpBegunAndNeverIssued(TestDatabase kind) throws Exception {
    try (var office = new Office(kind)) {
      var answers = answers(office);
      var now = office.clock.instant();
      var givenUp = office.certified.pending(PrincipalKind.DEVICE, now);
      office.certified.revoke(givenUp, RevocationReason.UNSPECIFIED, now);
      var begun = office.certified.pending(PrincipalKind.DEVICE, now);
      var operator = office.certified.active(PrincipalKind.OPERATOR, now);
      var backend = office.certified.active(PrincipalKind.BACKEND, now);

      assertThat(status(office, answers, givenUp)).isInstanceOf(RevokedStatus.class);
      assertThat(status(office, answers, begun)).isInstanceOf(UnknownStatus.class);
      assertThat(status(office, answers, operator)).isInstanceOf(UnknownStatus.class);
      assertThat(status(office, answers, Serials.random().next()))
          .isInstanceOf(UnknownStatus.class);
      assertThat(status(office, answers, backend)).isNull();
      assertThat(answers.answered(Outcome.UNKNOWN)).isEqualTo(3);
    }
  }

  /** What is begun may be issued the next moment: nobody is told "unknown" from memory. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void unknownIsNeverKept(TestDatabase kind) throws Exception {
    try (var office = new Office(kind)) {
      var answers = answers(office);
      var begun = office.certified.pending(PrincipalKind.DEVICE, office.clock.instant());
      status(office, answers, begun);

      assertThat(answers.kept()).isZero();
      assertThat(answers.answer(question(office, begun, NO_NONCE)).until()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void refusesAnotherAuthorityAndWhatIsNoRequest(TestDatabase kind) throws Exception {
    try (var office = new Office(kind)) {
      var answers = answers(office);
      var root = question(office.authorities.root(), Serials.random().next(), NO_NONCE);

      assertThat(new OCSPResp(answers.answer(root).der()).getStatus()).isEqualTo(6);
      assertThat(new OCSPResp(answers.answer(new byte[] {1, 2, 3}).der()).getStatus()).isOne();
      assertThat(answers.signed()).isZero();
    }
  }

  /** Ten thousand certificates that all exist, asked for one after the other. */
  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "SQLITE")
  void noNumberOfQuestionsGrowsWhatIsKeptBeyondItsBound(TestDatabase kind) throws Exception {
    try (var office = new Office(kind)) {
      var answers = answers(office);
      var now = office.clock.instant();
      office.database.change(
          handle -> {
            for (int serial = 1; serial <= 10_000; serial++) {
              handle.execute(
                  "insert into certificate (serial, kind, principal, status, public_key_sha256,"
                      + " recorded_at, not_before, not_after, pem)"
                      + " values (?, 'device', 'd', 'active', '', ?, ?, ?, '')",
                  Integer.toHexString(serial),
                  now.toEpochMilli(),
                  now.toEpochMilli(),
                  now.plus(Certified.LIFETIME).toEpochMilli());
            }
          });

      for (int serial = 1; serial <= 10_000; serial++) {
        if (serial % StatusAnswers.SIGNATURES_MAX == 0) {
          office.clock.advance(Duration.ofSeconds(2));
        }
        answers.answer(question(office, new Serial(BigInteger.valueOf(serial)), NO_NONCE));
        assertThat(answers.kept()).isLessThanOrEqualTo(StatusAnswers.KEPT_MAX);
      }

      assertThat(answers.kept()).isEqualTo(StatusAnswers.KEPT_MAX);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whoNeedsMoreSignaturesThanTheBoundComesAgain(TestDatabase kind) throws Exception {
    try (var office = new Office(kind)) {
      var still = office.clock.instant();
      var answers =
          new StatusAnswers(
              office.database,
              office.authorities.devices(),
              Serials.random(),
              PublicationSettings.DEFAULTS,
              () -> still);
      var serial = office.certified.active(PrincipalKind.DEVICE, still);
      var kept = question(office, serial, NO_NONCE);
      answers.answer(kept);
      for (int round = 1; round < StatusAnswers.SIGNATURES_MAX; round++) {
        answers.answer(question(office, serial, 16));
      }

      var refused = new OCSPResp(answers.answer(question(office, serial, 16)).der());

      assertThat(refused.getStatus()).isEqualTo(3);
      assertThat(answers.answered(Outcome.BUSY)).isOne();
      // Whoever asks as most do is served on.
      assertThat(single(answers.answer(kept).der()).getCertStatus()).isNull();
    }
  }

  private static StatusAnswers answers(Office office) {
    return new StatusAnswers(
        office.database,
        office.authorities.devices(),
        Serials.random(),
        PublicationSettings.DEFAULTS,
        office.clock);
  }

  private static Object status(Office office, StatusAnswers answers, Serial serial)
      throws Exception {
    return single(answers.answer(question(office, serial, NO_NONCE)).der()).getCertStatus();
  }

  static byte[] question(Office office, Serial serial, int nonce) throws Exception {
    return question(office.authorities.devices().certificate(), serial, nonce);
  }

  private static byte[] question(X509Certificate issuer, Serial serial, int nonce)
      throws Exception {
    var digests = new JcaDigestCalculatorProviderBuilder().build();
    var builder = new OCSPReqBuilder();
    builder.addRequest(
        new CertificateID(
            digests.get(CertificateID.HASH_SHA1),
            new X509CertificateHolder(issuer.getEncoded()),
            serial.value()));
    if (nonce > 0) {
      builder.setRequestExtensions(
          new Extensions(
              new Extension(
                  OCSPObjectIdentifiers.id_pkix_ocsp_nonce,
                  false,
                  new DEROctetString(new byte[nonce]).getEncoded())));
    }
    return builder.build().getEncoded();
  }

  private static BasicOCSPResp basic(byte[] der) throws Exception {
    return (BasicOCSPResp) new OCSPResp(der).getResponseObject();
  }

  private static SingleResp single(byte[] der) throws Exception {
    return List.of(basic(der).getResponses()).getFirst();
  }
}
