package io.sallyport.app.firmware;

import io.sallyport.app.process.Machine;
import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.firmware.manifest.FirmwareName;
import io.sallyport.firmware.signing.KeyKind;
import io.sallyport.firmware.signing.PublicKeyPem;
import io.sallyport.firmware.signing.ReleaseKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firmware keygen}. */
@Command(
    name = "keygen",
    description = {
      "Make a key that signs releases: NAME.key, encrypted, and NAME.pub.",
      "",
      "Best on a machine that is off line, or in a token. The server needs the public half only,"
          + " and never sees the other. openssl reads both files."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  sallyport firmware keygen alice --passphrase-file secret.txt",
      "  sallyport firmware keygen alice-pq --algorithm ml-dsa-65 --passphrase-file secret.txt",
      "  sallyport firmware keygen alice --pkcs11 /usr/lib/softhsm/libsofthsm2.so --token releases"
          + " --label alice"
    })
final class KeygenCommand implements Callable<Integer> {
  private final Machine machine;

  @Parameters(paramLabel = "NAME", description = "Names the files.")
  private String name = "";

  @Option(
      names = "--algorithm",
      paramLabel = "WORD",
      description =
          "ecdsa-p256, or ml-dsa-65 for a second, post-quantum one (default: ecdsa-p256).")
  private String algorithm = KeyKind.ECDSA_P256.word();

  @Option(names = "--out", paramLabel = "DIR", description = "Where the files go (default: here).")
  private Path out = Path.of("");

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The passphrase of the key (else $$" + SigningKeys.VARIABLE + ").")
  private @Nullable Path passphraseFile;

  @Mixin private TokenOptions token = new TokenOptions();
  @Mixin private Format format = new Format();

  KeygenCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    if (!FirmwareName.isValid(name)) {
      throw Failure.badInput(
          "a key's name must be 1 to 64 characters of a-z 0-9 . _ -, not '" + name + "'");
    }
    var kind =
        KeyKind.ofWord(algorithm)
            .orElseThrow(
                () ->
                    Failure.badInput(
                        "--algorithm is ecdsa-p256 or ml-dsa-65, not '" + algorithm + "'"));
    var secretFile = out.resolve(name + ".key");
    var publicFile = out.resolve(name + ".pub");
    refuseThere(secretFile);
    refuseThere(publicFile);
    ReleaseKey key;
    if (token.given()) {
      if (kind != KeyKind.ECDSA_P256) {
        throw Failure.badInput("tokens make keys of ecdsa-p256 only: leave out --pkcs11");
      }
      key = token.use(machine, ReleaseKey::generate);
      OwnerFiles.createFolders(out.toAbsolutePath());
    } else {
      try (var secret = SigningKeys.passphrase(machine, passphraseFile)) {
        key = ReleaseKey.generate(kind);
        OwnerFiles.createFolders(out.toAbsolutePath());
        OwnerFiles.writeSecret(
            secretFile, key.encrypted(secret).getBytes(StandardCharsets.US_ASCII));
      }
    }
    OwnerFiles.writePublic(
        publicFile, PublicKeyPem.write(key.publicKey()).getBytes(StandardCharsets.US_ASCII));
    var facts =
        Json.mapper()
            .createObjectNode()
            .put("name", name)
            .put("id", key.id().hex())
            .put("algorithm", kind.word())
            .put("public", publicFile.toString());
    format.print(machine.terminal(), facts, "made " + name + ", " + kind.word() + ", " + key.id());
    if (!format.json()) {
      machine.notice("next: sallyport firmware trust --signer " + name + "=" + publicFile);
    }
    return 0;
  }

  private static void refuseThere(Path file) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw Failure.refused("there is a " + file + " already, and no key is overwritten");
    }
  }
}
