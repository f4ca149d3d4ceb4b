package io.sallyport.cli.enrolment;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;

/** Somebody for whom a certificate is asked. */
public record Applicant(PrincipalKind kind, PrincipalId id) {
  /** The applicant of that name, or a refusal that says what a name may be. */
  public static Applicant of(PrincipalKind kind, String id) {
    if (!PrincipalId.isCertifiable(id)) {
      throw Failure.badInput("an id has 1 to 64 characters of A-Z a-z 0-9 : _ -, not '" + id + "'");
    }
    return new Applicant(kind, new PrincipalId(id));
  }

  String certificateFile() {
    return kind.word() + ".crt";
  }

  String keyFile() {
    return kind.word() + ".key";
  }
}
