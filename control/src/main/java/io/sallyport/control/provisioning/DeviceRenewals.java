package io.sallyport.control.provisioning;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enrolment.authority.DeskAnswer;
import io.sallyport.control.enrolment.authority.EnrolmentDesk;
import io.sallyport.control.provisioning.ProvisioningAnswer.Rejected;
import io.sallyport.control.provisioning.ProvisioningDesk.Message;
import io.sallyport.control.provisioning.ProvisioningDesk.Rights;
import io.sallyport.control.provisioning.ProvisioningDesk.Trouble;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * {@code CreateCertificateFromCsr} of AWS IoT (developer guide, "Device provisioning MQTT API") for
 * those that are let in already: the next certificate over the session that the last one opened.
 */
public final class DeviceRenewals implements MetricsSource {
  private final EnrolmentDesk desk;
  private final OwnershipTokens tokens = new OwnershipTokens();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder rejected = new LongAdder();

  /** Renewals at that desk. */
  public DeviceRenewals(EnrolmentDesk desk) {
    this.desk = desk;
  }

  /** What may be asked for, and where the answers come. */
  public static Rights rights() {
    var requests = ProvisioningTopic.requests(List.of());
    return new Rights(requests, ProvisioningTopic.replies(requests));
  }

  /**
   * Answers one request.
   *
   * @param shown the certificate that let it in
   */
  public Message answer(
      String source,
      PrincipalKind kind,
      PrincipalId id,
      Fingerprint shown,
      String topic,
      byte[] payload) {
    var request = ProvisioningTopic.parse(topic);
    if (request.isEmpty()) {
      return told(
          topic,
          PayloadFormat.JSON,
          new Rejected(ErrorCode.ACCESS_DENIED, "there is no such request"));
    }
    var format = request.get().format();
    return switch (request.get().operation()) {
      case CREATE_CERTIFICATE_FROM_CSR -> {
        try {
          var csr = format.read(payload).need("certificateSigningRequest");
          yield told(topic, format, certificate(source, kind, id, shown, csr));
        } catch (MalformedPayload e) {
          yield told(
              topic,
              format,
              new Rejected(ErrorCode.INVALID_PAYLOAD, String.valueOf(e.getMessage())));
        }
      }
      case CREATE_KEYS_AND_CERTIFICATE -> told(topic, format, ProvisioningDesk.KEYS_ARE_DEVICES);
      case REGISTER_THING ->
          told(
              topic,
              format,
              new Rejected(ErrorCode.ACCESS_DENIED, "it is registered, as its certificate says"));
    };
  }

  private ProvisioningAnswer certificate(
      String source, PrincipalKind kind, PrincipalId id, Fingerprint shown, String csrPem) {
    byte[] csr;
    try {
      csr = Pem.decode(csrPem, "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
    } catch (MalformedPem e) {
      return new Rejected(ErrorCode.INVALID_CSR, "a PKCS#10 request in PEM is expected");
    }
    return switch (desk.succeed(source, kind, id, shown, csr)) {
      case DeskAnswer.Issued(var certificate) ->
          // The token is good for nothing, because the certificate needs nothing more.
          new ProvisioningAnswer.Created(
              tokens.next(), certificate.fingerprint().hex(), certificate.pem());
      case DeskAnswer.Pending() ->
          throw new IllegalStateException("nobody is asked about who is let in already");
      case DeskAnswer.Refused(var why, var detail) ->
          new Rejected(
              switch (why) {
                case MALFORMED -> ErrorCode.INVALID_CSR;
                case NOT_AUTHENTICATED, FORBIDDEN -> ErrorCode.ACCESS_DENIED;
                case BUSY -> ErrorCode.THROTTLED;
              },
              detail);
    };
  }

  /** The refusal of a request that was not worked on. */
  public Message refusal(String topic, Trouble trouble) {
    return told(
        topic,
        ProvisioningTopic.parse(topic).map(ProvisioningTopic::format).orElse(PayloadFormat.JSON),
        ProvisioningDesk.rejected(trouble));
  }

  private Message told(String topic, PayloadFormat format, ProvisioningAnswer answer) {
    (answer instanceof Rejected ? rejected : accepted).increment();
    return ProvisioningDesk.message(topic, format, answer);
  }

  @Override
  public void collect(Consumer<Metric> out) {
    Map.of("accepted", accepted, "rejected", rejected)
        .forEach(
            (outcome, count) ->
                out.accept(
                    new Metric(
                        "sallyport_device_certificate_requests_total",
                        "Requests for the next certificate over a device's own session.",
                        Type.COUNTER,
                        Map.of("outcome", outcome),
                        count.sum())));
  }
}
