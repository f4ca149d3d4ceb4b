package io.sallyport.control.provisioning;

import io.sallyport.control.enrolment.claim.ClaimRecord;
import io.sallyport.control.provisioning.ProvisioningCounters.Outcome;
import io.sallyport.control.provisioning.ProvisioningTopic.Operation;
import io.sallyport.identity.Fingerprint;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Fleet provisioning as it is spoken over MQTT (AWS IoT Core developer guide, "Device provisioning
 * MQTT API"): topics and payloads in, topics and payloads out.
 */
public final class ProvisioningDesk {
  static final ProvisioningAnswer KEYS_ARE_DEVICES =
      new ProvisioningAnswer.Rejected(
          ErrorCode.ACCESS_DENIED,
          "a device's key is made on the device: send a request to"
              + " $aws/certificates/create-from-csr");

  private final FleetProvisioning provisioning;

  /** A desk before that provisioning. */
  public ProvisioningDesk(FleetProvisioning provisioning) {
    this.provisioning = provisioning;
  }

  /** The topics that somebody may publish to, and the filters that it may subscribe to. */
  public record Rights(Set<String> requests, Set<String> replies) {
    /** Nobody may anything. */
    public static final Rights NONE = new Rights(Set.of(), Set.of());
  }

  /** An answer and where it goes. */
  @SuppressWarnings("ArrayRecordComponent") // Written once, compared with nothing.
  public record Message(String topic, byte[] payload) {}

  /** Why a request is refused that was not worked on. */
  public enum Trouble {
    BUSY,
    BROKEN
  }

  /** What somebody may do who shows these certificates, whose key is proven. */
  public Rights rights(String source, List<X509Certificate> shown) {
    var claim = claim(shown);
    if (claim.isEmpty()) {
      return Rights.NONE;
    }
    var templates = provisioning.templates(claim.get(), source);
    if (templates.isEmpty()) {
      return Rights.NONE;
    }
    var requests = ProvisioningTopic.requests(templates);
    return new Rights(requests, ProvisioningTopic.replies(requests));
  }

  private Optional<ClaimRecord> claim(List<X509Certificate> shown) {
    if (shown.isEmpty()) {
      return Optional.empty();
    }
    try {
      return provisioning.claims().ofCertificate(Fingerprint.ofDer(shown.getFirst().getEncoded()));
    } catch (CertificateEncodingException e) {
      return Optional.empty();
    }
  }

  /** Answers one request; the claim is asked for anew, as it may have been ended meanwhile. */
  public Message answer(
      String source, String clientId, List<X509Certificate> shown, String topic, byte[] payload) {
    var parsed = ProvisioningTopic.parse(topic);
    var claim = claim(shown);
    if (parsed.isEmpty() || claim.isEmpty()) {
      return message(
          topic,
          PayloadFormat.JSON,
          new ProvisioningAnswer.Rejected(ErrorCode.ACCESS_DENIED, "there is no such request"));
    }
    var request = parsed.get();
    var answer = answer(new Claimed(claim.get(), source, clientId), request, payload);
    provisioning
        .counters()
        .answered(
            request.operation(),
            answer instanceof ProvisioningAnswer.Rejected ? Outcome.REJECTED : Outcome.ACCEPTED);
    return message(topic, request.format(), answer);
  }

  private ProvisioningAnswer answer(Claimed by, ProvisioningTopic request, byte[] payload) {
    try {
      return switch (request.operation()) {
        case CREATE_CERTIFICATE_FROM_CSR ->
            provisioning.create(
                by, request.format().read(payload).need("certificateSigningRequest"));
        case CREATE_KEYS_AND_CERTIFICATE -> KEYS_ARE_DEVICES;
        case REGISTER_THING -> {
          var read = request.format().read(payload);
          yield provisioning.register(
              by,
              String.valueOf(request.template()),
              read.text("certificateOwnershipToken").orElse(""),
              read.map("parameters"));
        }
      };
    } catch (MalformedPayload e) {
      return new ProvisioningAnswer.Rejected(
          ErrorCode.INVALID_PAYLOAD, String.valueOf(e.getMessage()));
    }
  }

  /** The refusal of a request that was not worked on. */
  public Message refusal(String topic, Trouble trouble) {
    var parsed = ProvisioningTopic.parse(topic);
    parsed.map(ProvisioningTopic::operation).ifPresent(this::notWorkedOn);
    return message(
        topic, parsed.map(ProvisioningTopic::format).orElse(PayloadFormat.JSON), rejected(trouble));
  }

  static ProvisioningAnswer rejected(Trouble trouble) {
    return switch (trouble) {
      case BUSY ->
          new ProvisioningAnswer.Rejected(ErrorCode.THROTTLED, "too many requests: try later");
      case BROKEN ->
          new ProvisioningAnswer.Rejected(
              ErrorCode.INTERNAL_FAILURE, "the request could not be worked on");
    };
  }

  private void notWorkedOn(Operation operation) {
    provisioning.counters().answered(operation, Outcome.REJECTED);
  }

  static Message message(String topic, PayloadFormat format, ProvisioningAnswer answer) {
    var members = new LinkedHashMap<String, Object>();
    switch (answer) {
      case ProvisioningAnswer.Created(var token, var id, var pem) -> {
        members.put("certificateOwnershipToken", token);
        members.put("certificateId", id);
        members.put("certificatePem", pem);
      }
      case ProvisioningAnswer.Registered(var name, var configuration) -> {
        members.put("deviceConfiguration", configuration);
        members.put("thingName", name);
      }
      case ProvisioningAnswer.Rejected(var code, var text) -> {
        members.put("statusCode", code.status());
        members.put("errorCode", code.word());
        members.put("errorMessage", text);
      }
    }
    return new Message(
        answer instanceof ProvisioningAnswer.Rejected
            ? ProvisioningTopic.rejected(topic)
            : ProvisioningTopic.accepted(topic),
        format.write(members));
  }
}
