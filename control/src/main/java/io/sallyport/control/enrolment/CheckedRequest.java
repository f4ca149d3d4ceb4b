package io.sallyport.control.enrolment;

import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.registry.ThingForm;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.issuance.RequestRefused;
import io.sallyport.policy.DefaultPolicies;
import io.sallyport.policy.PolicySet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An enrolment request that holds in itself; whether the registry can take it is not known yet. */
record CheckedRequest(
    PrincipalKind kind,
    PrincipalId id,
    CertificateRequest request,
    Map<String, String> attributes,
    String thingType,
    List<String> policies,
    Duration lifetime) {

  static final int VALIDITY_DAYS_MAX = 3650;

  /** Either a checked request or what is wrong with it. */
  sealed interface Check {
    record Passed(CheckedRequest request) implements Check {}

    record Failed(Refused refused) implements Check {}
  }

  static Check of(EnrolmentRequest asked, Duration defaultLifetime) {
    var wrong = malformation(asked);
    if (wrong.isPresent()) {
      return new Check.Failed(wrong.get());
    }
    var id = new PrincipalId(asked.id());
    try {
      var request =
          CertificateRequest.parse(asked.csr().getBytes(StandardCharsets.UTF_8), asked.kind(), id);
      return new Check.Passed(
          new CheckedRequest(
              asked.kind(),
              id,
              request,
              asked.attributes(),
              asked.thingType(),
              policies(asked),
              asked.validityDays() == null
                  ? defaultLifetime
                  : Duration.ofDays(asked.validityDays())));
    } catch (RequestRefused e) {
      return new Check.Failed(
          new Refused(
              asked.id(), why(e.reason()), e.reason().word(), String.valueOf(e.getMessage())));
    }
  }

  /** How an answer to a refused certificate request is to be read. */
  static Why why(RequestRefused.Reason reason) {
    return switch (reason) {
      case TOO_LARGE, MALFORMED -> Why.MALFORMED;
      case NOT_PROVEN,
          WEAK_KEY,
          UNSUPPORTED_KEY,
          WEAK_SIGNATURE,
          UNSUPPORTED_SIGNATURE,
          FOREIGN_SUBJECT,
          FOREIGN_NAMES,
          ASKS_FOR_AUTHORITY,
          ASKS_FOR_USAGE,
          ASKS_FOR_EXTENSION ->
          Why.UNACCEPTABLE;
    };
  }

  private static List<String> policies(EnrolmentRequest asked) {
    if (asked.policies() != null) {
      return asked.policies().stream().distinct().sorted().toList();
    }
    return List.of(
        asked.kind() == PrincipalKind.BACKEND ? DefaultPolicies.BACKEND : DefaultPolicies.DEVICE);
  }

  private static Optional<Refused> malformation(EnrolmentRequest asked) {
    var id = asked.id();
    if (!PrincipalId.isCertifiable(id)) {
      return malformed(id, "malformed-id", "an id is 1 to 64 characters of A-Z a-z 0-9 : _ -");
    }
    if (!ThingForm.areAttributes(asked.attributes())) {
      return malformed(id, "malformed-attributes", ThingForm.ATTRIBUTES_ARE);
    }
    if (!ThingForm.isThingType(asked.thingType())) {
      return malformed(id, "malformed-thing-type", ThingForm.THING_TYPE_IS);
    }
    if (asked.policies() != null && asked.policies().size() > PolicySet.POLICIES_MAX) {
      return malformed(id, "too-many-policies", "at most 10 policies may be attached");
    }
    var days = asked.validityDays();
    if (days != null && (days < 1 || days > VALIDITY_DAYS_MAX)) {
      return malformed(id, "malformed-validity", "validityDays is from 1 to 3650: " + days);
    }
    return Optional.empty();
  }

  private static Optional<Refused> malformed(String id, String reason, String detail) {
    return Optional.of(new Refused(id, Why.MALFORMED, reason, detail));
  }
}
