package io.sallyport.cli.attestation;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.attestation.EvidenceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** The files that evidence is in, as the devices' tools write them. */
final class EvidenceFiles {
  // Bound: the longest evidence that a server takes is a quarter of this.
  private static final int BYTES_MAX = 64 * 1024;
  // As tpm2_pcrread prints it: "    7 : 0x1508…".
  private static final Pattern REGISTER =
      Pattern.compile("^ *([0-9]{1,2}) *: *0x([0-9A-Fa-f]{64})$", Pattern.MULTILINE);

  @Option(names = "--token", paramLabel = "FILE", description = "psa, eat: the COSE_Sign1.")
  private @Nullable Path token;

  @Option(
      names = "--quote",
      paramLabel = "FILE",
      description = "tpm2: the quote, `tpm2_quote --message`.")
  private @Nullable Path quote;

  @Option(
      names = "--signature",
      paramLabel = "FILE",
      description = "tpm2: its signature, `tpm2_quote --signature`.")
  private @Nullable Path signature;

  @Option(
      names = "--registers",
      paramLabel = "FILE",
      description = "tpm2: what `tpm2_pcrread sha256:…` printed, - for the standard input.")
  private @Nullable String registers;

  @Option(
      names = "--chain",
      paramLabel = "FILE",
      description = "dice: the certificates in PEM, the alias first.")
  private @Nullable String chain;

  @Option(
      names = "--proof",
      paramLabel = "FILE",
      description = "dice: the alias key's signature over the nonce.")
  private @Nullable Path proof;

  /** The members of the call's body. */
  void into(ObjectNode body, EvidenceFormat format, Terminal terminal) {
    switch (format) {
      case PSA, EAT -> body.put("token", base64(token, "--token"));
      case TPM2 -> {
        body.put("attested", base64(quote, "--quote"));
        body.put("signature", base64(signature, "--signature"));
        body.set("registers", registers(terminal));
      }
      case DICE -> {
        var certificates = body.putArray("chain");
        var file = InputFile.read(given(chain, "--chain"), BYTES_MAX, terminal);
        try {
          Pem.certificates(file.text()).forEach(one -> certificates.add(Pem.of(one)));
        } catch (MalformedPem e) {
          throw Failure.badInput(file.name() + ": " + e.getMessage());
        }
        body.put("proof", base64(proof, "--proof"));
      }
    }
  }

  private ObjectNode registers(Terminal terminal) {
    var file = InputFile.read(given(registers, "--registers"), BYTES_MAX, terminal);
    var values = Json.mapper().createObjectNode();
    var matcher = REGISTER.matcher(file.text());
    while (matcher.find()) {
      values.put(matcher.group(1), matcher.group(2));
    }
    if (values.isEmpty()) {
      throw Failure.badInput(
          file.name() + ": no line such as `7 : 0x…`, as tpm2_pcrread prints them");
    }
    return values;
  }

  private static String base64(@Nullable Path file, String option) {
    var path = given(file, option);
    try (var stream = Files.newInputStream(path)) {
      var bytes = stream.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw Failure.badInput(path + ": longer than " + BYTES_MAX + " bytes");
      }
      return Base64.getEncoder().encodeToString(bytes);
    } catch (NoSuchFileException e) {
      throw Failure.badInput("there is no file " + path);
    } catch (IOException e) {
      throw Failure.badInput("the file cannot be read: " + path);
    }
  }

  private static <T> T given(@Nullable T file, String option) {
    if (file == null) {
      throw Failure.badInput(option + " is missing: this format needs it");
    }
    return file;
  }
}
