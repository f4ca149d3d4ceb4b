package io.sallyport.cli.enrolment;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Endpoint;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.identity.PrincipalKind;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code operator enroll}. */
@Command(
    name = "enroll",
    description = {
      "Enrol an operator; the key is made here and is in no other place than the folder.",
      "",
      "The folder serves as --operator-dir, or as ~/.config/sallyport on the operator's machine."
    },
    footerHeading = "%nExample:%n",
    footer = "  sallyport operator enroll anna --role operator --out anna/")
public final class EnrollOperator implements Callable<Integer> {
  private final Surroundings surroundings;

  /** What an operator may do. */
  enum Role {
    /** Reads. */
    VIEWER,
    /** Reads, enrols, quarantines, revokes. */
    OPERATOR,
    /** Everything. */
    SECURITY;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(index = "0", paramLabel = "NAME", description = "Name of the operator.")
  private String name = "";

  @Option(
      names = "--role",
      required = true,
      paramLabel = "ROLE",
      description =
          "viewer (reads), operator (also enrols, quarantines, revokes) or security (everything).")
  private String role = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder to write: operator.crt, operator.key, ca.crt, endpoint.json.")
  private Path out = Path.of("");

  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public EnrollOperator(Surroundings surroundings, Connection connection) {
    this.surroundings = surroundings;
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var applicant = Applicant.of(PrincipalKind.OPERATOR, name);
    var chosen = role();
    try (var control = connection.open()) {
      var bundle = new Bundle(applicant, out);
      var answer =
          bundle.make(
              key -> issuedBefore(control, applicant, key, chosen),
              csr -> control.post("operators", request(chosen, csr)),
              _ -> endpoint(control));
      if (format.json()) {
        Json.print(surroundings.terminal(), answer.json());
      } else {
        surroundings
            .terminal()
            .line(
                "enrolled operator " + applicant.id() + ", role " + chosen.word() + ", in " + out);
      }
    }
    return 0;
  }

  /** What an earlier run got issued and did not learn of. */
  private static Optional<Answer> issuedBefore(
      ControlClient control, Applicant applicant, PublicKey key, Role chosen) {
    var found = new Recovery(control).find(applicant, key);
    found
        .map(answer -> answer.text("role"))
        .filter(role -> !role.equals(chosen.word()))
        .ifPresent(
            role -> {
              throw Failure.refused(
                  "an earlier run enrolled '" + applicant.id() + "' with --role " + role);
            });
    return found;
  }

  private Role role() {
    return Arrays.stream(Role.values())
        .filter(one -> one.word().equals(role))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.badInput(
                    "'" + role + "' is no role; known are viewer, operator, security"));
  }

  private ObjectNode request(Role chosen, String csr) {
    return Json.mapper()
        .createObjectNode()
        .put("name", name)
        .put("role", chosen.word())
        .put("csr", csr);
  }

  /** Where the server is found again; one that runs for this command only is not. */
  private static Map<String, String> endpoint(ControlClient control) {
    if (control.temporary()) {
      return Map.of();
    }
    var json = Json.mapper().createObjectNode().put("https", control.address().toString());
    return Map.of(Endpoint.FILE, json + "\n");
  }
}
