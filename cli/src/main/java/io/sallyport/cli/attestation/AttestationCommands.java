package io.sallyport.cli.attestation;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.attestation.EvidenceFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code attestation}: what devices prove of themselves. */
@Command(
    name = "attestation",
    description = "Say whose evidence counts and what may run; challenge devices.",
    addMethodSubcommands = false)
public final class AttestationCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String KEYS = "attestation/keys";
  private static final String REFERENCES = "attestation/references";
  private static final int KEY_BYTES_MAX = 4096;

  private final Terminal terminal;

  /** The commands. */
  public AttestationCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      name = "add-key",
      description = "Register a key whose evidence counts.",
      footerHeading = EXAMPLE,
      footer = {
        "  sallyport attestation add-key iak.pem --format psa --device device-001",
        "  sallyport attestation add-key maker.pem --format dice"
      })
  int addKey(
      @Parameters(paramLabel = "FILE", description = "The public key in PEM, - for stdin.")
          String file,
      @Option(
              names = "--format",
              paramLabel = "WORD",
              required = true,
              description = "psa, eat, tpm2 or dice: the only evidence that it may sign.")
          String kind,
      @Option(
              names = "--device",
              paramLabel = "ID",
              description = "Whose it is; not for dice, whose key is an authority's.")
          @Nullable String device,
      @Mixin Format format,
      @Mixin Connection connection) {
    var body = Json.mapper().createObjectNode().put("format", format(kind).word());
    body.put("key", InputFile.read(file, KEY_BYTES_MAX, terminal).text());
    if (device != null) {
      body.put("device", device);
    }
    try (var control = connection.open()) {
      var line = "registered" + (device == null ? "" : " for " + device);
      format.print(terminal, control.post(KEYS, body).json(), line);
    }
    return 0;
  }

  @Command(
      description = "List the keys whose evidence counts.",
      footerHeading = EXAMPLE,
      footer = "  sallyport attestation keys")
  int keys(@Mixin Format format, @Mixin Connection connection) {
    var all = Json.mapper().createObjectNode();
    var keys = all.putArray("keys");
    try (var control = connection.open()) {
      keys.addAll(Pages.all(control, KEYS, "keys"));
    }
    if (format.json()) {
      Json.print(terminal, all);
      return 0;
    }
    var table = Table.of("SHA-256", "FORMAT", "DEVICE", "ADDED");
    for (var key : new Answer(all).objects("keys")) {
      table.row(
          key.text("sha256"),
          key.text("format"),
          key.optionalText("device").orElse("(authority)"),
          key.text("addedAt"));
    }
    table.print(terminal);
    return 0;
  }

  @Command(
      name = "remove-key",
      description = "Let a key's evidence count no more, from the next on.",
      footerHeading = EXAMPLE,
      footer = "  sallyport attestation remove-key 3f…")
  int removeKey(
      @Parameters(paramLabel = "SHA-256", description = "As `keys` prints it.") String hash,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var path = KEYS + "/" + ControlClient.segment(hash) + "/remove";
      var answer = control.post(path, Json.mapper().createObjectNode());
      format.print(terminal, answer.json(), "removed " + hash);
    }
    return 0;
  }

  @Command(
      description = "Approve a measurement.",
      footerHeading = EXAMPLE,
      footer = {
        "  sallyport attestation approve 9ef3… --component BL --note 'bootloader 1.4.2'",
        "  sallyport attestation approve 1508… --component pcr:sha256:7"
      })
  int approve(
      @Parameters(paramLabel = "VALUE", description = "Hex, or version: and a version.")
          String value,
      @Option(
              names = "--component",
              paramLabel = "NAME",
              description = "As the evidence names it, such as BL, pcr:sha256:7 or layer:1.")
          @Nullable String component,
      @Option(names = "--note", paramLabel = "TEXT", description = "What it is.")
          @Nullable String note,
      @Mixin Format format,
      @Mixin Connection connection) {
    var body = reference(component, value).put("note", note == null ? "" : note);
    try (var control = connection.open()) {
      format.print(terminal, control.post(REFERENCES, body).json(), "approved " + value);
    }
    return 0;
  }

  @Command(
      description = "Approve a measurement no more, from the next evidence on.",
      footerHeading = EXAMPLE,
      footer = "  sallyport attestation withdraw 9ef3… --component BL")
  int withdraw(
      @Parameters(paramLabel = "VALUE", description = "As `approved` prints it.") String value,
      @Option(names = "--component", paramLabel = "NAME", description = "Of which component.")
          @Nullable String component,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var answer = control.post(REFERENCES + "/withdraw", reference(component, value));
      format.print(terminal, answer.json(), "withdrawn " + value);
    }
    return 0;
  }

  @Command(
      description = "List the measurements that are approved.",
      footerHeading = EXAMPLE,
      footer = "  sallyport attestation approved")
  int approved(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var answer = control.get(REFERENCES);
      if (format.json()) {
        Json.print(terminal, answer.json());
        return 0;
      }
      var table = Table.of("COMPONENT", "VALUE", "NOTE", "ADDED");
      for (var one : answer.objects("references")) {
        table.row(one.text("component"), one.text("value"), one.text("note"), one.text("addedAt"));
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = {
        "Challenge a device to prove what it runs.",
        "",
        "The evidence must hold the nonce: SHA-256 over the challenge and the SHA-256 of the"
            + " device's public key. The device should compute it itself."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport attestation challenge device-001")
  int challenge(
      @Parameters(paramLabel = "DEVICE", description = "Its id.") String device,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var path = "devices/" + ControlClient.segment(device) + "/attestation/challenge";
      var answer = control.post(path, Json.mapper().createObjectNode());
      if (format.json()) {
        Json.print(terminal, answer.json());
        return 0;
      }
      var facts = Table.of("FACT", "VALUE");
      facts.row("challenge", answer.text("challenge"));
      facts.row("key", answer.text("keySha256"));
      facts.row("nonce", answer.text("nonce"));
      facts.row("until", answer.text("expiresAt"));
      facts.print(terminal);
    }
    return 0;
  }

  private static ObjectNode reference(@Nullable String component, String value) {
    return Json.mapper()
        .createObjectNode()
        .put("component", component == null ? "" : component)
        .put("value", value);
  }

  static EvidenceFormat format(String word) {
    return EvidenceFormat.ofWord(word)
        .orElseThrow(
            () -> Failure.badInput("--format is psa, eat, tpm2 or dice, not '" + word + "'"));
  }
}
