package io.sallyport.cli.attestation;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attestation verify}. */
@Command(
    name = "verify",
    description = {
      "Have a device's answer to a challenge appraised, and record what it proved.",
      "",
      "Exit code 1 if it is refused. Signed and fresh evidence of anything that is not approved"
          + " ends the device's standing as attested."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  sallyport attestation verify device-001 --challenge 5f… --format psa --token token.cbor",
      "  sallyport attestation verify box-1 --challenge 5f… --format tpm2 --quote q.msg"
          + " --signature q.sig --registers pcrs.txt"
    })
public final class AttestationVerify implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "DEVICE", description = "Its id.")
  private String device = "";

  @Option(
      names = "--challenge",
      paramLabel = "HEX",
      required = true,
      description = "The challenge that it answers.")
  private String challenge = "";

  @Option(
      names = "--format",
      paramLabel = "WORD",
      required = true,
      description = "psa, eat, tpm2 or dice.")
  private String evidenceFormat = "";

  @Mixin private final EvidenceFiles files = new EvidenceFiles();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public AttestationVerify(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var kind = AttestationCommands.format(evidenceFormat);
    var body = Json.mapper().createObjectNode();
    body.put("challenge", challenge).put("format", kind.word());
    files.into(body, kind, terminal);
    try (var control = connection.open()) {
      var answer = control.post("devices/" + ControlClient.segment(device) + "/attestation", body);
      if (format.json()) {
        Json.print(terminal, answer.json());
        return 0;
      }
      terminal.line(device + " is attested until " + answer.text("until"));
      var table = Table.of("COMPONENT", "MEASURED");
      for (var measurement : answer.objects("measurements")) {
        table.row(measurement.text("component"), measurement.text("value"));
      }
      table.print(terminal);
    }
    return 0;
  }
}
