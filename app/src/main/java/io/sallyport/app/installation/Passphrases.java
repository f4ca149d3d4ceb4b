package io.sallyport.app.installation;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.RegistryKeys;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.issuance.Passphrase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the passphrase comes from that seals the CA's keys: a file that the configuration names,
 * else the environment, else a key file that we make ourselves and say so.
 */
public final class Passphrases {
  static final String VARIABLE = "SALLYPORT_PASSPHRASE";
  private static final int FILE_BYTES_MAX = 4 * Passphrase.BYTES_MAX;

  private final Configuration configuration;
  private final Map<String, String> environment;
  private final DataDirectory directory;

  public Passphrases(
      Configuration configuration, Map<String, String> environment, DataDirectory directory) {
    this.configuration = configuration;
    this.environment = environment;
    this.directory = directory;
  }

  /** The passphrase of existing authorities. */
  public Passphrase existing() {
    return given()
        .orElseThrow(
            () ->
                Failure.badInput(
                    "the passphrase of the CA is missing: set ca.passphrase-file, or "
                        + VARIABLE
                        + ", or put back "
                        + directory.unsealKey()));
  }

  /** The passphrase for new authorities; a generated one is written to its file first. */
  public Passphrase forNew(Consumer<String> notices) {
    return given().orElseGet(() -> generate(notices));
  }

  private Passphrase generate(Consumer<String> notices) {
    var passphrase = Passphrase.generate();
    var bytes = passphrase.utf8();
    try {
      DataDirectory.replace(directory.unsealKey(), bytes);
    } catch (IOException e) {
      throw Failure.unavailable(directory.unsealKey() + " cannot be written", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
    notices.accept(
        "no passphrase was given, so a key file seals the CA's keys: "
            + directory.unsealKey()
            + " (0600); for more, set ca.passphrase-file or "
            + VARIABLE);
    return passphrase;
  }

  private Optional<Passphrase> given() {
    var named = configuration.get(RegistryKeys.PASSPHRASE_FILE);
    if (!named.isEmpty()) {
      return Optional.of(read(Path.of(named)));
    }
    return of(environment, VARIABLE)
        .or(
            () ->
                Files.exists(directory.unsealKey())
                    ? Optional.of(read(directory.unsealKey()))
                    : Optional.empty());
  }

  /** A passphrase of the environment, if there is one. */
  static Optional<Passphrase> of(Map<String, String> environment, String variable) {
    var value = environment.getOrDefault(variable, "");
    try {
      return value.isEmpty()
          ? Optional.empty()
          : Optional.of(Passphrase.of(value.getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      throw Failure.badInput(variable + ": " + e.getMessage());
    }
  }

  /**
   * A passphrase from a file if one is named, else from the environment.
   *
   * @param whose what needs it, for the error where there is none
   */
  public static Passphrase given(
      @Nullable Path file, Map<String, String> environment, String variable, String whose) {
    return given(file, "--passphrase-file", environment, variable, whose);
  }

  /** The same for a secret whose file another option names, such as a PIN. */
  public static Passphrase given(
      @Nullable Path file,
      String option,
      Map<String, String> environment,
      String variable,
      String whose) {
    return file != null
        ? read(file)
        : of(environment, variable)
            .orElseThrow(() -> Failure.badInput(whose + ": " + option + " FILE, or " + variable));
  }

  /** A passphrase from a file that nobody else may read. */
  public static Passphrase read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw Failure.badInput("there is no passphrase file " + file);
      }
      DataDirectory.refuseOpenToOthers(file, "chmod 600 " + file);
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw Failure.badInput(file + " is too large to be a passphrase");
      }
      var bytes = Files.readAllBytes(file);
      try {
        return Passphrase.of(bytes);
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    } catch (IllegalArgumentException e) {
      throw Failure.badInput(file + ": " + e.getMessage());
    } catch (IOException e) {
      throw Failure.unavailable(file + " cannot be read", e);
    }
  }
}
