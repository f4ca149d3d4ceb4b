package io.sallyport.gateway.est;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What each request means: a reply at once, or work for the desk. */
final class Requests {
  private static final String REQUEST_TYPE = "application/pkcs10";
  private static final Duration UNSERVED = Duration.ofSeconds(30);

  private final CertificateService service;

  Requests(CertificateService service) {
    this.service = service;
  }

  boolean takesManufacturers() {
    return service.takesManufacturers();
  }

  Duration expiredMax() {
    return service.expiredMax();
  }

  /** A request that has arrived in full. */
  @SuppressWarnings("ArrayRecordComponent") // Read once, compared with nothing.
  record Received(
      String method,
      String uri,
      @Nullable String contentType,
      @Nullable String authorization,
      byte[] body) {}

  /** What is to be done about it. */
  sealed interface Meaning {
    /** The reply is known. */
    record Known(@Nullable Operation operation, Reply reply) implements Meaning {}

    /** The desk must be asked. */
    record Work(Operation operation, Supplier<Reply> reply) implements Meaning {}
  }

  Meaning read(Received request, EstVisitor visitor) {
    var target = Target.parse(request.uri()).filter(this::isKnown);
    if (target.isEmpty()) {
      return new Meaning.Known(null, Reply.refusal(404, "there is no such operation here"));
    }
    var operation = target.get().operation();
    if (!operation.method().equals(request.method())) {
      return known(
          operation,
          Reply.refusal(
              405,
              operation.word() + " is asked for with " + operation.method(),
              Map.of("Allow", operation.method())));
    }
    return switch (operation) {
      case CACERTS -> {
        var asking = visitor.device();
        yield work(
            operation, () -> Reply.certificates(CertsOnly.of(service.caCertificates(asking))));
      }
      case CSRATTRS -> work(operation, () -> Reply.attributes(service.csrAttributes()));
      case SIMPLEENROLL, SIMPLEREENROLL -> certificate(operation, request, visitor);
    };
  }

  private boolean isKnown(Target target) {
    var label = target.label();
    return label == null || service.knows(label);
  }

  private Meaning certificate(Operation operation, Received request, EstVisitor visitor) {
    if (!isRequestType(request.contentType())) {
      return known(operation, Reply.refusal(415, "the content type must be " + REQUEST_TYPE));
    }
    if (!visitor.isServed()) {
      return known(operation, Reply.later("nobody is let in now", UNSERVED));
    }
    return operation == Operation.SIMPLEREENROLL
        ? renewal(operation, request, visitor)
        : enrolment(operation, request, visitor);
  }

  private Meaning enrolment(Operation operation, Received request, EstVisitor visitor) {
    if (visitor.expired() != null) {
      return known(
          operation,
          Reply.refusal(403, "a certificate that has expired asks for its successor only"));
    }
    var authorization = request.authorization();
    var credential =
        authorization == null ? Optional.<Credential>empty() : Credential.parse(authorization);
    boolean isStranger = authorization == null && visitor.introduction().isEmpty();
    if (isStranger ? !service.takesStrangers() : authorization != null && credential.isEmpty()) {
      return known(operation, Reply.unauthorized());
    }
    var csr = RequestBody.decode(request.body());
    if (csr.isEmpty()) {
      return known(operation, notBase64());
    }
    var applicant =
        new Applicant(
            visitor.source(), visitor.device(), visitor.introduction(), credential.orElse(null));
    return work(
        operation,
        () -> {
          try {
            return reply(service.enrol(applicant, csr.get()));
          } finally {
            credential.ifPresent(Credential::wipe);
          }
        });
  }

  private Meaning renewal(Operation operation, Received request, EstVisitor visitor) {
    var expired = visitor.expired();
    if (visitor.device() == null && expired == null) {
      return known(
          operation, Reply.refusal(403, "show the certificate to renew in the TLS handshake"));
    }
    var csr = RequestBody.decode(request.body());
    if (csr.isEmpty()) {
      return known(operation, notBase64());
    }
    if (expired != null) {
      return work(
          operation, () -> reply(service.reenrolExpired(visitor.source(), expired, csr.get())));
    }
    var applicant = new Applicant(visitor.source(), visitor.device(), List.of(), null);
    return work(operation, () -> reply(service.reenrol(applicant, csr.get())));
  }

  private static Reply reply(EstAnswer answer) {
    return switch (answer) {
      // RFC 7030, 4.2.3: the certificate alone, without its chain.
      case EstAnswer.Issued(var certificate) ->
          Reply.certificates(CertsOnly.of(List.of(certificate)));
      case EstAnswer.Pending(var after) -> Reply.pending(after);
      case EstAnswer.Refused(var why, var reason) ->
          switch (why) {
            case NOT_AUTHENTICATED -> Reply.unauthorized();
            case MALFORMED -> Reply.refusal(400, reason);
            case FORBIDDEN -> Reply.refusal(403, reason);
            case BUSY -> Reply.later(reason, UNSERVED);
          };
    };
  }

  private static Reply notBase64() {
    return Reply.refusal(400, "the body must be a PKCS#10 request, DER in base64 without armour");
  }

  private static boolean isRequestType(@Nullable String type) {
    if (type == null) {
      return false;
    }
    int parameters = type.indexOf(';');
    var bare = parameters < 0 ? type : type.substring(0, parameters);
    return bare.strip().toLowerCase(Locale.ROOT).equals(REQUEST_TYPE);
  }

  private static Meaning known(Operation operation, Reply reply) {
    return new Meaning.Known(operation, reply);
  }

  private static Meaning work(Operation operation, Supplier<Reply> reply) {
    return new Meaning.Work(operation, reply);
  }
}
