package io.sallyport.app.firmware;

import io.sallyport.app.installation.DataDirectory;
import io.sallyport.app.installation.Passphrases;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.firmware.signing.PublicKeyPem;
import io.sallyport.firmware.signing.ReleaseKey;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.SealBroken;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name the keys of one signer, and what opens them. */
final class SigningKeys {
  static final String VARIABLE = "SALLYPORT_RELEASE_PASSPHRASE";
  private static final String SUFFIX = ".key";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "A key of `firmware keygen`, its .pub beside it; twice for one with a post-quantum key.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The passphrase of the keys (else $$" + VARIABLE + ").")
  private @Nullable Path passphraseFile;

  @Mixin private TokenOptions token = new TokenOptions();

  /** The keys, one at least, of one signer. */
  List<ReleaseKey> open(Machine machine) {
    var keys = new ArrayList<ReleaseKey>();
    if (token.given()) {
      keys.add(token.use(machine, ReleaseKey::find));
    }
    if (!files.isEmpty()) {
      try (var secret = passphrase(machine, passphraseFile)) {
        files.forEach(file -> keys.add(open(file, secret, machine.terminal())));
      }
    }
    if (keys.isEmpty()) {
      throw Failure.badInput("whose signature? --key FILE, or --pkcs11 with --token and --label");
    }
    return keys;
  }

  static Passphrase passphrase(Machine machine, @Nullable Path file) {
    return Passphrases.given(
        file, machine.environment(), VARIABLE, "a release key needs a passphrase");
  }

  /** Where the public half of a key's file is. */
  static Path publicHalf(Path file) {
    var name = String.valueOf(file.getFileName());
    var stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    return file.resolveSibling(stem + ".pub");
  }

  private static ReleaseKey open(Path file, Passphrase secret, Terminal terminal) {
    var beside = publicHalf(file);
    var publicKeys = read(beside, terminal);
    if (publicKeys.size() != 1) {
      throw Failure.badInput(beside + ": " + publicKeys.size() + " keys, not one");
    }
    var pem = ReleaseFiles.text(file, terminal);
    try {
      DataDirectory.refuseOpenToOthers(file, "chmod 600 " + file);
      return ReleaseKey.open(pem, publicKeys.getFirst(), secret);
    } catch (SealBroken e) {
      throw Failure.badInput(file + ": " + e.getMessage());
    } catch (IOException e) {
      throw ReleaseFiles.unreadable(file, e);
    }
  }

  /** The public keys of a file. */
  static List<PublicKey> read(Path file, Terminal terminal) {
    try {
      return PublicKeyPem.read(ReleaseFiles.text(file, terminal));
    } catch (MalformedPem e) {
      throw Failure.badInput(file + ": " + e.getMessage());
    }
  }
}
