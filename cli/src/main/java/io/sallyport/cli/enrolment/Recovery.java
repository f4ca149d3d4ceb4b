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
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Finds what a server issued in an answer that never arrived. */
final class Recovery {
  private static final List<String> MEMBERS_KEPT = List.of("id", "kind", "name", "role");

  private final ControlClient control;

  Recovery(ControlClient control) {
    this.control = control;
  }

  /** The answer, as it would have been, if that key has an active certificate under that name. */
  Optional<Answer> find(Applicant applicant, PublicKey key) {
    return principal(applicant)
        .flatMap(
            found ->
                certificate(found, key).map(certificate -> answer(applicant, found, certificate)));
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

  private static Optional<JsonNode> certificate(Answer principal, PublicKey key) {
    return principal.objects("certificates").stream()
        .filter(certificate -> certificate.text("status").equals("active"))
        .filter(certificate -> isOf(key, certificate.text("pem")))
        .map(Answer::json)
        .findFirst();
  }

  private static boolean isOf(PublicKey key, String pem) {
    try {
      return PublicKeyHash.of(Pem.certificate(pem).getPublicKey()).equals(PublicKeyHash.of(key));
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
    for (var authority : authorities.objects("certificates")) {
      if (authority.text("name").equals(issuer(applicant.kind()))) {
        chain.add(authority.text("pem"));
      }
    }
    answer.put("ca", authorities.text("root"));
    answer.set("gateway", authorities.object("gateway").json());
    return new Answer(answer);
  }

  /** The authority that certifies such a principal. */
  private static String issuer(PrincipalKind kind) {
    return switch (kind) {
      case DEVICE, BACKEND -> "devices";
      case OPERATOR -> "servers";
    };
  }
}
