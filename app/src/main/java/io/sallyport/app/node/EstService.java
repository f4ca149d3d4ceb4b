package io.sallyport.app.node;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.EstKeys;
import io.sallyport.app.configuration.RenewalKeys;
import io.sallyport.control.Control;
import io.sallyport.control.enrolment.authority.ApprovalSettings;
import io.sallyport.control.enrolment.authority.DeskAnswer;
import io.sallyport.control.enrolment.authority.EnrolmentDesk;
import io.sallyport.control.enrolment.authority.ExpiredRenewalSettings;
import io.sallyport.control.enrolment.introduction.IntroductionDesk;
import io.sallyport.control.rollover.Rollover;
import io.sallyport.gateway.est.Applicant;
import io.sallyport.gateway.est.CertificateService;
import io.sallyport.gateway.est.EstAnswer;
import io.sallyport.gateway.est.EstDoor;
import io.sallyport.gateway.est.EstSettings;
import io.sallyport.gateway.tls.VerifiedDevice;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.AuthorityName;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Joins the gate's EST door and the desk, which do not know each other. */
final class EstService implements CertificateService {
  private final EnrolmentDesk desk;
  private final IntroductionDesk introductions;
  private final Authorities authorities;
  private final Rollover rollover;
  private final ApprovalSettings approval;
  private final ExpiredRenewalSettings expired;
  private final boolean takesManufacturers;

  private EstService(
      EnrolmentDesk desk,
      IntroductionDesk introductions,
      Authorities authorities,
      Rollover rollover,
      ApprovalSettings approval,
      ExpiredRenewalSettings expired,
      boolean takesManufacturers) {
    this.desk = desk;
    this.introductions = introductions;
    this.takesManufacturers = takesManufacturers;
    this.authorities = authorities;
    this.rollover = rollover;
    this.approval = approval;
    this.expired = expired;
  }

  /** The door that the configuration asks for; null if it asks for none. */
  static @Nullable EstDoor door(
      Configuration configuration, Control control, Authorities authorities) {
    if (!configuration.get(EstKeys.ENABLED)) {
      return null;
    }
    var approval =
        new ApprovalSettings(
            configuration.get(EstKeys.APPROVAL),
            configuration.get(EstKeys.APPLICATIONS_MAX),
            configuration.get(EstKeys.APPLICATION_EXPIRY),
            configuration.get(EstKeys.RETRY_AFTER));
    return new EstDoor(
        EstSettings.at(configuration.get(EstKeys.HOST), configuration.get(EstKeys.PORT))
            .withNamesEncoding(configuration.get(EstKeys.NAMES_ENCODING)),
        new EstService(
            control.desk(),
            control.introductions(),
            authorities,
            control.rollover(),
            approval,
            new ExpiredRenewalSettings(
                configuration.get(RenewalKeys.EXPIRED),
                configuration.get(RenewalKeys.EXPIRED_MAX),
                configuration.get(RenewalKeys.EXPIRED_PER_MINUTE),
                approval),
            configuration.get(EstKeys.MANUFACTURERS)));
  }

  @Override
  public boolean knows(String label) {
    return label.equals(AuthorityName.DEVICES.word());
  }

  /** Who asks with its own certificate knows from now on of what it is told of. */
  @Override
  public List<X509Certificate> caCertificates(@Nullable VerifiedDevice asking) {
    var told = authorities.line();
    if (asking != null && told.isRollingOver()) {
      rollover.learnt(List.of(asking.id()), told, Rollover.Learnt.CACERTS);
    }
    return told.published();
  }

  /** A request needs to hold nothing but a key: names are the registry's to give. */
  @Override
  public byte[] csrAttributes() {
    return new byte[0];
  }

  @Override
  public boolean takesStrangers() {
    return approval.isOffered();
  }

  @Override
  public boolean takesManufacturers() {
    return takesManufacturers;
  }

  @Override
  public EstAnswer enrol(Applicant applicant, byte[] request) {
    var credential = applicant.credential();
    if (credential == null && !applicant.introduction().isEmpty()) {
      return answer(introductions.enrol(applicant.source(), applicant.introduction(), request));
    }
    if (credential == null) {
      return answer(desk.enrolByApproval(applicant.source(), request, approval));
    }
    var secret = credential.secret();
    try {
      return answer(desk.enrolWithToken(applicant.source(), credential.user(), secret, request));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  @Override
  public EstAnswer reenrol(Applicant applicant, byte[] request) {
    var device = applicant.device();
    if (device == null) {
      throw new IllegalStateException("a renewal is asked for by somebody who is known");
    }
    return answer(
        desk.succeed(
            applicant.source(), device.kind(), device.id(), device.certificate(), request));
  }

  @Override
  public Duration expiredMax() {
    return expired.doorMax();
  }

  @Override
  public EstAnswer reenrolExpired(String source, VerifiedDevice device, byte[] request) {
    return answer(
        desk.expired().renew(source, device.id(), device.certificate(), request, expired));
  }

  private EstAnswer answer(DeskAnswer answer) {
    return switch (answer) {
      case DeskAnswer.Issued(var certificate) ->
          new EstAnswer.Issued(certificate(certificate.pem()));
      case DeskAnswer.Pending() -> new EstAnswer.Pending(approval.retryAfter());
      case DeskAnswer.Refused(var why, var detail) ->
          new EstAnswer.Refused(
              switch (why) {
                case NOT_AUTHENTICATED -> EstAnswer.Why.NOT_AUTHENTICATED;
                case MALFORMED -> EstAnswer.Why.MALFORMED;
                case FORBIDDEN -> EstAnswer.Why.FORBIDDEN;
                case BUSY -> EstAnswer.Why.BUSY;
              },
              detail);
    };
  }

  private static X509Certificate certificate(String pem) {
    try {
      return Pem.certificate(pem);
    } catch (MalformedPem e) {
      throw new IllegalStateException("the registry holds certificates", e);
    }
  }
}
