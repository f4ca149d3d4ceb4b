package io.sallyport.app.installation;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.RegistryKeys;
import io.sallyport.cli.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which database holds the registry of a data directory. The directory remembers it, so that no
 * other one, empty or outdated, is ever taken for it.
 */
final class RegistryPlace {
  /** What stands for the SQLite file of the directory itself. */
  private static final String HERE = "sqlite";

  // Bound: a longer file was not written by us.
  private static final int CHARACTERS_MAX = 4096;

  private final DataDirectory directory;

  RegistryPlace(DataDirectory directory) {
    this.directory = directory;
  }

  /** Refuses a configuration that means another database than the one with this registry. */
  void require(Configuration configuration) {
    var known = known();
    var configured = of(configuration);
    if (known.isEmpty()) {
      return;
    }
    if (!known.equals(configured)) {
      throw Failure.badInput(refusal(known, configured));
    }
    if (known.equals(HERE) && !directory.holdsDatabase()) {
      throw Failure.badInput(
          "the registry "
              + directory.database()
              + " is gone: restore it from a backup, or begin anew in another directory with"
              + " --data");
    }
  }

  private String refusal(String known, String configured) {
    if (known.equals(HERE)) {
      return "the registry is in "
          + directory.database()
          + ", not in "
          + configured
          + "; move it there with `sallyport registry move --config FILE`, or name another"
          + " directory with --data";
    }
    var begin = "the registry of " + directory.root() + " is in " + known;
    return configured.equals(HERE)
        ? begin + "; start the server with its configuration, `sallyport up --config FILE`"
        : begin + ", not in " + configured + "; if it was moved there, delete " + file() + " first";
  }

  /** Whether that database is known to hold this registry. */
  boolean isKnown(Configuration configuration) {
    return known().equals(of(configuration));
  }

  /** From now on it is there. */
  void remember(Configuration configuration) throws IOException {
    if (!Files.exists(file()) || !isKnown(configuration)) {
      var line = of(configuration) + "\n";
      DataDirectory.replace(file(), line.getBytes(StandardCharsets.UTF_8));
    }
  }

  private Path file() {
    return directory.registryPlace();
  }

  private static String of(Configuration configuration) {
    var url = configuration.get(RegistryKeys.DATABASE_URL);
    var parameters = url.indexOf('?');
    return url.isEmpty() ? HERE : parameters < 0 ? url : url.substring(0, parameters);
  }

  /** Empty where nothing is known yet. */
  private String known() {
    try {
      if (!Files.exists(file())) {
        return directory.holdsDatabase() ? HERE : "";
      }
      var text = Files.size(file()) > CHARACTERS_MAX ? "" : Files.readString(file()).strip();
      if (!text.equals(HERE) && !text.startsWith("jdbc:")) {
        throw Failure.badInput(
            file() + " does not say where the registry is: `sqlite`, or a JDBC URL");
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
