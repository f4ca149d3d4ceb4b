package io.sallyport.cli.enrolment;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Finds what a server issued in an answer that never arrived. */
public final class Recovery {
  private static final List<String> MEMBERS_KEPT = List.of("id", "kind", "name", "role");

  private final ControlClient control;

  /** Looks through the API of a server. */
  public Recovery(ControlClient control) {
    this.control = control;
  }

  /** The answer, as it would have been, if that key has an active certificate under that name. */
  public Optional<Answer> find(Applicant applicant, PublicKey key) {
    var wanted = PublicKeyHash.of(key);
    return find(applicant, one -> PublicKeyHash.of(one).equals(wanted));
  }

  /** The same, for the first active certificate whose key is wanted. */
  Optional<Answer> find(Applicant applicant, Predicate<PublicKey> wanted) {
    return principal(applicant)
        .flatMap(
            found ->
                active(found)
                    .filter(certificate -> wanted.test(key(certificate)))
                    .findFirst()
                    .map(certificate -> answer(applicant, found, certificate.json())));
  }

  /** The same, for the certificate that is valid for longest. */
  Optional<Answer> newest(Applicant applicant) {
    return principal(applicant)
        .flatMap(
            found ->
                active(found)
                    .max(Comparator.comparing(one -> Instant.parse(one.text("notAfter"))))
                    .map(certificate -> answer(applicant, found, certificate.json())));
  }

  private Optional<Answer> principal(Applicant applicant) {
    var path = applicant.kind().word() + "s/" + ControlClient.segment(applicant.id().value());
    try {
      return Optional.of(control.get(path));
    } catch (Failure failure) {
      if (failure.kind() == Failure.Kind.REFUSED) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  private static Stream<Answer> active(Answer principal) {
    return principal.objects("certificates").stream()
        .filter(certificate -> certificate.text("status").equals("active"));
  }

  private static PublicKey key(Answer certificate) {
    try {
      return Pem.certificate(certificate.text("pem")).getPublicKey();
    } catch (MalformedPem e) {
      throw Failure.unavailable("the server answered with a malformed certificate", e);
    }
  }

  private Answer answer(Applicant applicant, Answer principal, JsonNode certificate) {
    var answer = Json.mapper().createObjectNode().put("status", "issued");
    for (var member : MEMBERS_KEPT) {
      principal.optionalText(member).ifPresent(text -> answer.put(member, text));
    }
    answer.set("certificate", certificate);
    var authorities = control.get("ca");
    var chain = answer.putArray("chain");
    var issuer = issuerName(certificate);
    authorities.objects("certificates").stream()
        .filter(authority -> authority.text("name").equals(issuer(applicant.kind())))
        // While one CA follows another there are two, of different names.
        .filter(authority -> authority.text("subject").equals(issuer))
        .findFirst()
        .ifPresent(authority -> chain.add(authority.text("pem")));
    answer.put("ca", authorities.text("root"));
    answer.set("gateway", authorities.object("gateway").json());
    return new Answer(answer);
  }

  private static String issuerName(JsonNode certificate) {
    try {
      return Pem.certificate(certificate.path("pem").asString()).getIssuerX500Principal().getName();
    } catch (MalformedPem e) {
      throw Failure.unavailable("the server answered with a malformed certificate", e);
    }
  }

  /** The authority that certifies such a principal. */
  private static String issuer(PrincipalKind kind) {
    return switch (kind) {
      case DEVICE, BACKEND -> "devices";
      case OPERATOR -> "servers";
    };
  }
}
