package io.sallyport.app.command;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.MalformedConfiguration;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.cli.terminal.Failure;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which installation a command works on. */
public final class Place {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory (default: $$SALLYPORT_DATA, else ./sallyport-data).",
      defaultValue = "${env:SALLYPORT_DATA:-sallyport-data}")
  private Path data = Path.of("sallyport-data");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration, one YAML file; see docs/configuration.md.")
  private @Nullable Path config;

  public DataDirectory directory() {
    return new DataDirectory(data);
  }

  /** The files that the configuration is read from. */
  public List<Path> files() {
    return config == null ? List.of() : List.of(config);
  }

  public Configuration configuration() {
    if (config == null) {
      return Configuration.defaults();
    }
    try {
      return Configuration.read(config);
    } catch (MalformedConfiguration e) {
      throw Failure.badInput(String.valueOf(e.getMessage()));
    }
  }
}
