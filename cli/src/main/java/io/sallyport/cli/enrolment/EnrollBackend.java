package io.sallyport.cli.enrolment;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.identity.PrincipalKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code backend enroll}. */
@Command(
    name = "enroll",
    description = {
      "Enrol a backend and get its certificate.",
      "",
      "--csr has a request signed whose key stays where it is. --bundle makes the key here; it is"
          + " in no other place than the folder."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sallyport backend enroll telemetry-store --bundle out/telemetry-store",
      "  sallyport backend enroll telemetry-store --csr store.csr --policy reads-telemetry"
    })
public final class EnrollBackend implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(index = "0", paramLabel = "NAME", description = "Name of the backend.")
  private String id = "";

  @Mixin private final Handover handover = new Handover();
  @Mixin private final Wishes wishes = new Wishes();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public EnrollBackend(Surroundings surroundings, Connection connection) {
    this.surroundings = surroundings;
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var applicant = Applicant.of(PrincipalKind.BACKEND, id);
    new EnrollOne(surroundings, connection, format, wishes, Shape.Chosen.PEM)
        .run(applicant, handover);
    return 0;
  }
}
