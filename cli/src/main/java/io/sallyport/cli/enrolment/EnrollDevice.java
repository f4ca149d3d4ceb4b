package io.sallyport.cli.enrolment;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.identity.PrincipalKind;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code device enroll}. */
@Command(
    name = "enroll",
    description = {
      "Enrol a device, or every device of a file, and get its certificate.",
      "",
      "--csr has a request signed whose key stays on the device. --bundle makes the key here and"
          + " writes the folder to flash; the key is in no other place. --from does that for a"
          + " file and goes on where it was when it is run again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sallyport device enroll device-001 --bundle out/device-001",
      "  sallyport device enroll device-002 --bundle out/device-002 --format esp-nvs",
      "  sallyport device enroll device-001 --csr device-001.csr --out certs/",
      "  sallyport device enroll --from fleet.csv --out fleet/",
      "",
      "The first line of a file names its columns: id, type, policy (names separated by ;) and",
      "attribute:NAME for any NAME; only id is needed."
    })
public final class EnrollDevice implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(index = "0", arity = "0..1", paramLabel = "ID", description = "Id of the device.")
  private @Nullable String id;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Enrol every device of this CSV file, each with a bundle below --out.")
  private @Nullable String from;

  @Mixin private final Handover handover = new Handover();
  @Mixin private final Shape shape = new Shape();
  @Mixin private final Wishes wishes = new Wishes();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public EnrollDevice(Surroundings surroundings, Connection connection) {
    this.surroundings = surroundings;
    this.connection = connection;
  }

  @Override
  public Integer call() {
    if (from != null) {
      return fleet(from);
    }
    if (id == null) {
      throw Failure.badInput("name the device to enrol, or a file of devices with --from");
    }
    var applicant = Applicant.of(PrincipalKind.DEVICE, id);
    var chosen = shape.chosen();
    if (!shape.isDefault() && !handover.makesBundle()) {
      throw Failure.badInput("--format and --pin go with --bundle or --from");
    }
    new EnrollOne(surroundings, connection, format, wishes, chosen).run(applicant, handover);
    return 0;
  }

  private int fleet(String file) {
    if (id != null || handover.isChosen()) {
      throw Failure.badInput("--from takes neither an id nor --csr nor --bundle");
    }
    var folder = handover.folder();
    if (folder == null) {
      throw Failure.badInput("name the folder of the bundles with --out");
    }
    var chosen = shape.chosen();
    var input = InputFile.read(file, FleetFile.BYTES_MAX, surroundings.terminal());
    var entries = FleetFile.read(input);
    try (var control = connection.open()) {
      var fleet = new FleetEnrolment(control, surroundings, wishes, chosen, folder);
      return report(fleet.run(entries), input.name());
    }
  }

  private int report(FleetEnrolment.Summary summary, String file) {
    var terminal = surroundings.terminal();
    if (format.json()) {
      var json = Json.mapper().createObjectNode();
      json.put("enrolled", summary.enrolled()).put("alreadyThere", summary.alreadyThere());
      var refused = json.putArray("refused");
      for (var one : summary.refused()) {
        refused.addObject().put("line", one.line()).put("id", one.id()).put("detail", one.why());
      }
      Json.print(terminal, json);
    } else {
      for (var one : summary.refused()) {
        terminal.line(file + ":" + one.line() + ": " + one.id() + ": " + one.why());
      }
      terminal.line(
          summary.enrolled()
              + " enrolled, "
              + summary.alreadyThere()
              + " already there, "
              + summary.refused().size()
              + " refused");
    }
    return summary.refused().isEmpty() ? 0 : 1;
  }
}
