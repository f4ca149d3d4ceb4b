package io.sallyport.cli.enrolment;

import io.sallyport.cli.bundle.Gate;
import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.identity.PrincipalKind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code device bundle}. */
@Command(
    name = "bundle",
    description = {
      "Write the folder to flash for a device that is enrolled already.",
      "",
      "The private key is in no other place than where it was made. --key names the file with it;"
          + " without it everything else is written, and the key stays where it is."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sallyport device bundle device-001 --format esp-nvs --key device.key --out flash/",
      "  sallyport device bundle device-001 --format c-header --out src/generated"
    })
public final class BundleDevice implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(index = "0", paramLabel = "ID", description = "Id of the device.")
  private String id = "";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Its private key, PKCS#8 in PEM, which must belong to its certificate.")
  private @Nullable Path key;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The folder to write; must be empty or not there.")
  private Path out = Path.of("");

  @Mixin private final Shape shape = new Shape();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public BundleDevice(Surroundings surroundings, Connection connection) {
    this.surroundings = surroundings;
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var applicant = Applicant.of(PrincipalKind.DEVICE, id);
    var chosen = shape.chosen();
    if (OwnerFiles.occupied(out)) {
      throw Failure.badInput("the folder is there already and not empty: " + out);
    }
    var secret = key == null ? null : KeyFile.read(key);
    try (var control = connection.open()) {
      write(control, applicant, chosen, secret);
    } finally {
      if (secret != null) {
        secret.close();
      }
    }
    return 0;
  }

  private void write(
      ControlClient control, Applicant applicant, Shape.Chosen chosen, @Nullable KeyFile secret) {
    var answer = answer(control, applicant, secret);
    var issued = Issued.read(answer);
    var gate = chosen.handOut(control, PrincipalKind.DEVICE, Gate.read(answer), 1);
    var pem = secret == null ? null : secret.pem();
    try (var credentials = chosen.credentials(applicant, issued, gate, pem)) {
      OwnerFiles.writeFolder(out, chosen.format().files(credentials));
    } finally {
      if (pem != null) {
        Arrays.fill(pem, (byte) 0);
      }
    }
    report(applicant, answer, chosen, secret == null);
  }

  private Answer answer(ControlClient control, Applicant applicant, @Nullable KeyFile secret) {
    var recovery = new Recovery(control);
    if (secret == null) {
      return recovery
          .newest(applicant)
          .orElseThrow(
              () -> Failure.refused(applicant.id() + " is not enrolled, or has no certificate"));
    }
    return recovery
        .find(applicant, secret::isOf)
        .orElseThrow(
            () ->
                Failure.refused(
                    "the key of "
                        + key
                        + " is not that of an active certificate of "
                        + applicant.id()));
  }

  private void report(
      Applicant applicant, Answer answer, Shape.Chosen chosen, boolean keyIsElsewhere) {
    var terminal = surroundings.terminal();
    if (format.json()) {
      var json = Json.mapper().createObjectNode();
      json.put("id", applicant.id().value()).put("format", chosen.format().word());
      json.put("folder", out.toString()).put("key", !keyIsElsewhere).put("pinned", chosen.pinned());
      json.set("certificate", answer.object("certificate").json());
      Json.print(terminal, json);
      return;
    }
    terminal.line(
        "wrote the "
            + chosen.format().word()
            + " bundle of "
            + applicant.id()
            + ", in "
            + out
            + (keyIsElsewhere ? ", without its private key, which stays where it was made" : ""));
  }
}
