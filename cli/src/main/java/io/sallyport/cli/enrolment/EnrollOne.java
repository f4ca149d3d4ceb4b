package io.sallyport.cli.enrolment;

import io.sallyport.cli.bundle.Gate;
import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.OperatorFiles;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.issuance.RequestRefused;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What {@code device enroll} and {@code backend enroll} do alike. */
record EnrollOne(
    Surroundings surroundings,
    Connection connection,
    Format format,
    Wishes wishes,
    Shape.Chosen shape) {

  void run(Applicant applicant, Handover handover) {
    switch (handover.way()) {
      case Handover.Way.Make(var folder) -> bundle(applicant, folder);
      case Handover.Way.Sign(var csr, var folder) -> sign(applicant, csr, folder);
    }
  }

  private void bundle(Applicant applicant, Path folder) {
    try (var control = connection.open()) {
      var answer =
          new Bundle(applicant, folder)
              .make(
                  key -> new Recovery(control).find(applicant, key),
                  csr -> send(control, applicant, csr),
                  issued -> shape.handOut(control, applicant.kind(), Gate.read(issued), 1),
                  shape);
      report(applicant, answer, folder);
    }
  }

  private void sign(Applicant applicant, String csr, @Nullable Path folder) {
    var terminal = surroundings.terminal();
    // One byte more than is allowed, so that the check of requests says what is wrong.
    var input = InputFile.read(csr, CertificateRequest.LENGTH_MAX + 1, terminal);
    var request = checked(applicant, input);
    if (folder != null) {
      requireFree(applicant, folder);
    }
    try (var control = connection.open()) {
      var answer = send(control, applicant, input.text());
      var issued = Issued.read(answer, request.publicKey());
      if (folder != null) {
        write(applicant, issued, folder);
        report(applicant, answer, folder);
      } else if (format.json()) {
        Json.print(terminal, answer.json());
      } else {
        terminal.out().print(issued.chainText());
      }
    }
  }

  private Answer send(ControlClient control, Applicant applicant, String csr) {
    return control.post(
        applicant.kind().word() + "s" + wishes.query(), wishes.request(applicant, csr));
  }

  private static CertificateRequest checked(Applicant applicant, InputFile input) {
    try {
      var bytes = input.text().getBytes(StandardCharsets.UTF_8);
      return CertificateRequest.parse(bytes, applicant.kind(), applicant.id());
    } catch (RequestRefused e) {
      var line = input.name() + ": " + e.getMessage();
      throw switch (e.reason()) {
        case MALFORMED, TOO_LARGE -> Failure.badInput(line);
        default -> Failure.refused(line);
      };
    }
  }

  /** Before anything is sent: nothing is ever overwritten. */
  private static void requireFree(Applicant applicant, Path folder) {
    for (var file : new String[] {OperatorFiles.ROOT, applicant.certificateFile()}) {
      if (Files.exists(folder.resolve(file))) {
        throw Failure.badInput("the file is there already: " + folder.resolve(file));
      }
    }
  }

  private static void write(Applicant applicant, Issued issued, Path folder) {
    OwnerFiles.createFolders(folder.toAbsolutePath().normalize());
    OwnerFiles.writePublic(folder.resolve(OperatorFiles.ROOT), issued.rootPem());
    OwnerFiles.writePublic(folder.resolve(applicant.certificateFile()), issued.chainPem());
  }

  private void report(Applicant applicant, Answer answer, Path folder) {
    var terminal = surroundings.terminal();
    if (format.json()) {
      Json.print(terminal, answer.json());
      return;
    }
    var certificate = answer.object("certificate");
    terminal.line(
        "enrolled "
            + applicant.kind().word()
            + " "
            + applicant.id()
            + ": certificate "
            + certificate.text("serial")
            + " until "
            + certificate.text("notAfter")
            + ", in "
            + folder);
  }
}
